import { describe, expect, it } from 'vitest'

import {
  createShapeCache,
  type ShapeCache,
  shapeCacheOf,
  shapeCacheStatistics,
} from '../../../src/sql/shape/shape-cache.js'

const LIMITS = { maxEntries: 100, maxBytes: 200_000 }

describe('createShapeCache', () => {
  it('reads each statement once', () => {
    const cache = createShapeCache({ dialect: 'postgresql' })
    const shape = cache.get('select a from t')
    expect(cache.get(['select a', 'from t'].join(' '))).toBe(shape)
    expect(cache.statistics).toMatchObject({ hits: 1, misses: 1, evictions: 0, entries: 1 })
  })

  it('shows what it holds without a use of it', () => {
    const cache = createShapeCache({ dialect: 'postgresql' })
    expect(cache.peek('select a from t')).toBeUndefined()
    const shape = cache.get('select a from t')
    const before = cache.statistics
    expect(cache.peek('select a from t')).toBe(shape)
    expect(cache.statistics).toEqual(before)
  })

  it('reads statements by the rules of its system', () => {
    expect(createShapeCache({ dialect: 'postgresql' }).get('select "a"').text).toBe('select "a"')
    expect(createShapeCache({ dialect: 'mysql' }).get('select "a"').text).toBe('select ?')
  })

  it('keeps frequent statements during a flood of statements that never return', () => {
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

  it('replaces statements that are no longer requested', () => {
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

  it('does not keep a statement that takes a large share of it', () => {
    const cache = createShapeCache({ dialect: 'postgresql' }, LIMITS)
    const long = `insert into t values ${'($1, $2), '.repeat(5_000)}($1, $2)`
    expect(cache.get(long)).toEqual(cache.get(long))
    expect(cache.statistics).toMatchObject({ entries: 0, bytes: 0, misses: 2 })
  })

  it('counts the bytes of the text only if the text differs from the statement', () => {
    const bytesOf = (sql: string): number => {
      const cache = createShapeCache({ dialect: 'postgresql' })
      cache.get(sql)
      return cache.statistics.bytes
    }
    const asItIs = `select ${'a'.repeat(90)}`
    const withLiteral = `select ${'a'.repeat(86)}, ''`
    expect(withLiteral.length).toBe(asItIs.length)
    const bytesOfText = 2 * `select ${'a'.repeat(86)}, ?`.length
    expect(bytesOf(withLiteral)).toBe(bytesOf(asItIs) + bytesOfText)
    expect(bytesOf(`${asItIs}a`)).toBe(bytesOf(asItIs) + 2)
  })

  it('returns an empty shape for a statement that is no string', () => {
    const cache = createShapeCache({ dialect: 'postgresql' })
    for (const sql of [undefined, null, 42, {}]) expect(cache.get(sql as never).summary).toBe('')
    expect(cache.statistics.entries).toBe(0)
  })
})

describe('createShapeCache, when the cache is full', () => {
  const TEN = { maxEntries: 10, maxBytes: 1e9 }
  const statement = (name: string): string => `select ${name} from t`

  /** A cache for ten statements, of which one may be new. */
  function fullOf(names: string, times: number): ShapeCache {
    const cache = createShapeCache({ dialect: 'postgresql' }, TEN)
    for (const name of names) ask(cache, name, times)
    return cache
  }

  function ask(cache: ShapeCache, name: string, times = 1): void {
    for (let count = 0; count < times; count++) cache.get(statement(name))
  }

  function knows(cache: ShapeCache, name: string): boolean {
    const { hits } = cache.statistics
    ask(cache, name)
    return cache.statistics.hits > hits
  }

  it('holds exactly its maximum of entries and bytes', () => {
    const cache = fullOf('abcdefghij', 1)
    expect(cache.statistics).toMatchObject({ entries: 10, evictions: 0 })
    ask(cache, 'k')
    expect(cache.statistics).toMatchObject({ entries: 10, evictions: 1 })

    const bytes = fullOf('a', 1).statistics.bytes
    const exact = createShapeCache({ dialect: 'postgresql' }, { maxEntries: 1e9, maxBytes: 20 * bytes })
    for (const name of 'abcdefghijklmnopqrst') ask(exact, name)
    expect(exact.statistics).toMatchObject({ entries: 20, bytes: 20 * bytes, evictions: 0 })
    ask(exact, 'u')
    expect(exact.statistics).toMatchObject({ entries: 20, bytes: 20 * bytes, evictions: 1 })
  })

  it('gives at most a tenth of its bytes to one statement', () => {
    const statisticsWithin = (maxBytes: number): ShapeCache['statistics'] => {
      const cache = createShapeCache({ dialect: 'postgresql' }, { maxEntries: 100, maxBytes })
      ask(cache, 'a')
      return cache.statistics
    }
    const { bytes } = statisticsWithin(1e9)
    expect(statisticsWithin(10 * bytes).entries).toBe(1)
    expect(statisticsWithin(10 * bytes - 1).entries).toBe(0)
  })

  it('keeps nine tenths for statements that were requested again', () => {
    const cache = createShapeCache({ dialect: 'postgresql' }, LIMITS)
    const hot = Array.from({ length: 100 }, (_, index) => `hot_${index}`)
    for (const name of hot) ask(cache, name, 2)
    for (let count = 0; count < 1_000; count++) ask(cache, `cold_${count}`)
    expect(hot.filter((name) => knows(cache, name))).toHaveLength(90)
  })

  it('counts the bytes of entries that move between its queues or stay in the main queue', () => {
    const { bytes: bytesOfOne } = fullOf('a', 1).statistics
    const cache = createShapeCache({ dialect: 'postgresql' }, TEN)
    for (let count = 0; count < 2_000; count++) {
      // The names have the same length. Some are requested often, others rarely.
      ask(cache, String.fromCharCode(0x61 + ((count * count + count * 7) % 23)), 1 + (count % 3))
      const { bytes, entries } = cache.statistics
      expect(bytes).toBe(entries * bytesOfOne)
    }
    expect(cache.statistics.entries).toBe(10)
  })

  it.each([
    // The eleventh statement evicts `a`; each later statement evicts one more.
    { forgotten: 10, remembered: true },
    { forgotten: 11, remembered: false },
  ])('remembers the first of $forgotten evicted statements: $remembered', ({ forgotten, remembered }) => {
    const names = 'abcdefghijklmnopqrstuvwxyz'
    const cache = fullOf(names.slice(0, 10 + forgotten), 1)
    expect(cache.statistics.evictions).toBe(forgotten)
    ask(cache, 'a')
    // A remembered statement returns to the main queue and stays.
    for (const name of names.toUpperCase()) ask(cache, name)
    expect(knows(cache, 'a')).toBe(remembered)
  })

  it('forgets an evicted statement once it has returned', () => {
    const cache = fullOf('abcdefghijk', 1)
    // It returns to the main queue and is evicted from there.
    ask(cache, 'a')
    for (const name of 'ABCDEFGHIJKLMNOPQRST') ask(cache, name, 2)
    expect(knows(cache, 'a')).toBe(false)
    for (const name of 'lmnopqrstuvw') ask(cache, name)
    expect(knows(cache, 'a')).toBe(false)
  })

  it('counts the hits of a new statement as one return', () => {
    const cache = fullOf('a', 4)
    for (const name of 'bcdefghij') ask(cache, name, 2)
    // All of them move to the main queue, and the first one is evicted from it.
    ask(cache, 'k')
    expect(knows(cache, 'b')).toBe(true)
    expect(knows(cache, 'a')).toBe(false)
  })

  it('evicts the oldest statement that had no hit in the main queue', () => {
    const cache = fullOf('abcdefghij', 2)
    ask(cache, 'k', 2)
    ask(cache, 'b')
    ask(cache, 'l')
    expect(knows(cache, 'b')).toBe(true)
    expect(knows(cache, 'd')).toBe(true)
    expect(knows(cache, 'c')).toBe(false)
  })

  it('spares a statement at most three times, however many hits it had', () => {
    const isKept = (promotions: number): boolean => {
      const cache = fullOf('abcdefghijk', 2)
      ask(cache, 'b', 100)
      for (let count = 0; count < promotions; count++) ask(cache, `x${count}`, 2)
      return knows(cache, 'b')
    }
    // Nine statements are in the main queue.
    expect(isKept(3 * 9)).toBe(true)
    expect(isKept(4 * 9)).toBe(false)
  })
})

describe('shapeCacheOf', () => {
  it('returns one cache for each reading', () => {
    const readings = [
      { dialect: 'mysql' },
      { dialect: 'mysql', backslashEscapes: true },
      { dialect: 'mysql', backslashEscapes: false },
      { dialect: 'mysql', mergeNames: true },
      { dialect: 'mysql', mergeNames: /^a/ },
      { dialect: 'mysql', mergeNames: /^b/ },
      { dialect: 'mariadb' },
    ]
    const caches = readings.map(shapeCacheOf)
    expect(new Set(caches).size).toBe(readings.length)
    for (const [index, reading] of readings.entries())
      expect(shapeCacheOf({ ...reading })).toBe(caches[index])
    expect(shapeCacheOf({ dialect: 'mysql', mergeNames: false })).toBe(caches[0])
  })

  it('returns one cache for all names of a system', () => {
    const cache = shapeCacheOf({ dialect: 'postgresql' })
    for (const dialect of ['pg', 'postgres', 'PostgreSQL']) expect(shapeCacheOf({ dialect })).toBe(cache)
    expect(shapeCacheStatistics().has('pg')).toBe(false)
  })
})

describe('shapeCacheStatistics', () => {
  it('returns the statistics of each cache of the process by its system', () => {
    shapeCacheOf({ dialect: 'sqlite' }).get('select from_statistics')
    expect(shapeCacheStatistics().get('sqlite')).toMatchObject({ misses: 1, entries: 1 })
  })
})
