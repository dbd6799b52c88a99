import { describe, expect, it } from 'vitest'

import { shapeCacheOf } from '../../../src/sql/shape/shape-cache.js'
import { literalsOf, readLiterals } from '../../../src/sql/tree/literals.js'

const read = (sql: string, system = 'postgresql') => readLiterals(sql, system, 4)

describe('readLiterals', () => {
  it.each<[string, string, readonly unknown[]]>([
    ['numbers as text', 'select 1, -5, 1.5', ['1', '-5', '1.5']],
    ['strings without quotes', "select 'a', 'it''s', ''", ['a', "it's", '']],
    ['national strings', "select N'a'", ['a']],
    ['words', 'select true, FALSE, null', [true, false, null]],
    ['no parameter, name or comment', 'select $1, a /* 1 */ from "t" -- 2', []],
    ['the first four', 'select 1, 2, 3, 4, 5', ['1', '2', '3', '4']],
  ])('returns %s', (_, sql, values) => {
    expect(read(sql).values).toEqual(values)
  })

  it.each([["E'a\\nb'"], ["'a\\b'"], ['$$a$$'], ["x'ff'"], ['1e5'], ["U&'a'"]])(
    'wraps %s, whose value depends on the system',
    (literal) => {
      expect(read(`select ${literal}`).values).toEqual([{ literal }])
    },
  )

  it('returns a string in double quotes where the system has such strings', () => {
    expect(read('select "a ""b"""', 'mysql').values).toEqual(['a "b"'])
  })

  it('counts all literals', () => {
    expect(read(`select ${Array.from({ length: 300 }, (_, index) => index).join(', ')}`).count).toBe(300)
    expect(read('select a from t').count).toBe(0)
  })

  it('returns equal keys for equal literals alone', () => {
    const key = (sql: string) => read(sql).key
    expect(key('select 1, 23')).toBe(key('select /* one */ 1, 23 -- end'))
    expect(key('select 1, 23')).not.toBe(key('select 12, 3'))
    expect(key('select 1, 2, 3, 4, 5')).not.toBe(key('select 1, 2, 3, 4, 6'))
    expect(key(`select '${'x'.repeat(9_000)}a'`)).not.toBe(key(`select '${'x'.repeat(9_000)}b'`))
  })

  it('reads the first 20,000 units and returns no key for a longer text', () => {
    const long = `select * from t where a in (${Array.from({ length: 9_000 }, () => '1234').join(', ')})`
    const { key, count, values } = read(long)
    expect(key).toBeUndefined()
    expect(count).toBeGreaterThan(3_000)
    expect(count).toBeLessThan(9_000)
    expect(values).toHaveLength(4)
  })

  it.each([["select 'a"], ["select 'it's' from t"]])('returns no key for %s, which is unclear', (sql) => {
    expect(read(sql).key).toBeUndefined()
  })
})

describe('literalsOf', () => {
  const shapes = shapeCacheOf({ dialect: 'postgresql' })
  const literals = (sql: string) => literalsOf(shapes.get(sql), sql, 4)

  it('reads a text once', () => {
    const sql = "select a from t where b = 'open'"
    expect(literals(sql).values).toEqual(['open'])
    expect(literals(`${sql.slice(0, 20)}${sql.slice(20)}`)).toBe(literals(sql))
    expect(literals("select a from t where b = 'done'").values).toEqual(['done'])
  })

  it('does not remember the values of a long text', () => {
    const sql = `select a from t where b = '${'x'.repeat(30_000)}'`
    expect(literals(sql)).not.toBe(literals(sql))
  })
})
