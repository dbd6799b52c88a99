import { describe, expect, it } from 'vitest'

import { createShapeCache, shapeCacheOf, shapeCacheStatistics } from '../../src/sql/shape-cache.js'

const LIMITS = { maxEntries: 100, maxBytes: 200_000 }

describe('createShapeCache', () => {
  it('reads each statement once', () => {
    const cache = createShapeCache({ dialect: 'postgresql' })
    const shape = cache.get('select a from t')
    expect(cache.get(['select a', 'from t'].join(' '))).toBe(shape)
    expect(cache.statistics).toMatchObject({ hits: 1, misses: 1, evictions: 0, entries: 1 })
  })

  it('reads by the rules of its system', () => {
    expect(createShapeCache({ dialect: 'postgresql' }).get('select "a"').text).toBe('select "a"')
    expect(createShapeCache({ dialect: 'mysql' }).get('select "a"').text).toBe('select ?')
  })

  it('keeps what is hot while a flood of statements passes that never come back', () => {
    const cache = createShapeCache({ dialect: 'postgresql' }, LIMITS)
    const hot = Array.from({ length: 50 }, (_, index) => `select hot_${index} from t`)
    for (const sql of [...hot, ...hot]) cache.get(sql)
    for (let count = 0; count < 20_000; count++) {
      cache.get(`select * from t where id = ${count}`)
      if (count % 10 === 0) cache.get(hot[(count / 10) % hot.length]!)
    }
    const { misses } = cache.statistics
    for (const sql of hot) cache.get(sql)
    expect(cache.statistics.misses).toBe(misses)
  })

  it('gives way to what becomes hot later', () => {
    const cache = createShapeCache({ dialect: 'postgresql' }, LIMITS)
    for (const era of ['old', 'new']) {
      for (let round = 0; round < 20; round++) {
        for (let index = 0; index < 80; index++) cache.get(`select ${era}_${index} from t`)
      }
    }
    const { misses } = cache.statistics
    for (let index = 0; index < 80; index++) cache.get(`select new_${index} from t`)
    expect(cache.statistics.misses - misses).toBeLessThan(20)
  })

  it('is bounded by entries and by bytes', () => {
    const cache = createShapeCache({ dialect: 'postgresql' }, LIMITS)
    for (let count = 0; count < 1_000; count++) cache.get(`select ${count}`)
    expect(cache.statistics.entries).toBeLessThanOrEqual(LIMITS.maxEntries)
    for (let count = 0; count < 1_000; count++) cache.get(`select '${'x'.repeat(4_000)}', ${count}`)
    const { bytes, entries, evictions } = cache.statistics
    expect(bytes).toBeLessThanOrEqual(LIMITS.maxBytes)
    expect(entries).toBeGreaterThan(10)
    expect(evictions).toBeGreaterThan(1_800)
  })

  it('reads a very long statement anew each time, rather than give it half of its room', () => {
    const cache = createShapeCache({ dialect: 'postgresql' }, LIMITS)
    const long = `insert into t values ${'($1, $2), '.repeat(5_000)}($1, $2)`
    expect(cache.get(long)).toEqual(cache.get(long))
    expect(cache.statistics).toMatchObject({ entries: 0, bytes: 0, misses: 2 })
  })

  it('takes whatever a driver is given for a statement', () => {
    const cache = createShapeCache({ dialect: 'postgresql' })
    for (const sql of [undefined, null, 42, {}]) expect(cache.get(sql as never).summary).toBe('')
    expect(cache.statistics.entries).toBe(0)
  })
})

describe('shapeCacheStatistics', () => {
  it('tells of the caches of the process by their system', () => {
    shapeCacheOf({ dialect: 'sqlite' }).get('select from_statistics')
    expect(shapeCacheStatistics().get('sqlite')).toMatchObject({ misses: 1, entries: 1 })
  })
})
