import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'

const fingerprint = (sql: string): string => analyzeQuery(sql, { dialect: 'postgresql' }).fingerprint

describe('ListFolding', () => {
  it.each([
    ['select * from t where a in ($1)', 'select * from t where a in ($1, $2,$3 , $4)'],
    ['select * from t where a in ($1)', 'select * from t where a in ($1, $2 /* c */, $3)'],
    ['select * from t where a in ($1)', "select * from t where a in ($1, 2, $3::int, 'x', null)"],
    ['select * from t where a in ($1, b)', 'select * from t where a in ($1, $2, b, $3, b)'],
    ['select * from t where a in (f($1, $2))', 'select * from t where a in (f($1, $2), f($3, $4))'],
    [
      'select * from t where (a, b) in (($1, $2))',
      'select * from t where (a, b) in (($1, $2), ($3, $4), (5, 6))',
    ],
    ['insert into t values ($1, $2)', 'insert into t values ($1, $2), ($3, $4) , ( $5 , $6 )'],
    ['insert into t values ($1, $2)', 'insert into t values ($1, $2), ($3, 4), ($5, default), ($6, $7)'],
    ['insert into t values ($1 + $2)', 'insert into t values ($1 + $2), ($3 + $4)'],
    ['insert into t values ($1, now())', 'insert into t values ($1, now()), ($2, now()), ($3, now())'],
    ['insert into t values ($1) returning a, b', 'insert into t values ($1), ($2) returning a, b'],
    ['select array[$1]', 'select array[$1, $2]'],
    ['values ($1), ($2)', 'values ($1)'],
    ['select daterange($1, $2)', 'select daterange($1::date, $2::date)'],
    ['select a at time zone $1 from t', "select a at time zone 'UTC' from t"],
    ["select interval '1' day to second", 'select $1'],
    ['select * from (values ($1, $2)) as x, y', 'select * from (values ($1, $2), ($3, $4)) as x, y'],
    ['select * from t where a in (array[$1])', 'select * from t where a in (array[$1, 2], array[3])'],
    ['insert into t values (array[$1])', 'insert into t values (array[$1, 2]), (array[3])'],
    ['select array[(values ($1))]', 'select array[(values ($1), ($2)), (values (3))]'],
    ['select * from t where a in ($1) and b in ($2)', 'select * from t where a in ($1, 2) and b in (3, 4)'],
    [
      'with w as (values ($1)), x as (select 2) select',
      'with w as (values (1), (3)), x as (select 2) select',
    ],
    ['values ($1) union values ($2)', 'values ($1), ($2) union values (3), (4)'],
    ['values ($1) order by 1', 'values ($1), ($2) order by 1'],
    ['insert into t values ($1); select a, b', 'insert into t values ($1), ($2); select a, b'],
    ['values (default)', 'values ($1), (default)'],
    ['values ((b, $1))', 'values ((b, $1)), ((b, $2))'],
    ['select * from t where a in ((b, c))', 'select * from t where a in ((b, c), (b, c))'],
  ])('gives %s the fingerprint of %s', (one, other) => {
    expect(fingerprint(other)).toBe(fingerprint(one))
  })

  it.each([
    ['select * from t where a in ($1)', 'select * from t where a in ($1, b)'],
    ['select * from t where a in ($1)', 'select * from t where a in ($1, $2 + 1)'],
    ['select * from t where a in ($1)', 'select * from t where a in (select $1)'],
    ['select * from t where a in (f($1))', 'select * from t where a in (f($1, $2))'],
    ['select * from t where (a, b) in (($1, $2))', 'select * from t where (a, b) in (($1, $2, $3))'],
    ['insert into t values ($1, $2)', 'insert into t values ($1, $2), ($3, $4), ($5, $6, $7)'],
    ['insert into t values ($1, $2)', 'insert into t values ($1, $2), ($3, $4), ($5, now())'],
    ['insert into t values ($1, $2)', 'insert into t values ($1 + $2)'],
    ['insert into t values ($1), ($2) returning a', 'insert into t values ($1), ($2) returning b'],
    ['select * from (values ($1)) as x, y', 'select * from (values ($1)) as x, z'],
    ['select array[$1]', 'select f($1)'],
    ['select f($1)', 'select f($1, $2)'],
    [
      'select * from t where a in (select x, $1, $2, y, z from u)',
      'select * from t where a in (select x, $1, y, $2, z from u)',
    ],
    ['select a as inner, b as outer from t', 'select a, b from t'],
    ['select a as isnull from t', 'select a isnull from t'],
    ['select * from t where a in (b)', 'select * from t where a in (c)'],
    ['select * from t where a in (b, $1)', 'select * from t where a in (c, $1)'],
    ['select * from t where a in (b, $1)', 'select * from t where a in ($1, b)'],
    ['select * from t where a in (b) and c', 'select * from t where a in (b) or c'],
    ['select * from t where a in (b) and c', 'select * from u where a in (b) and c'],
    ['select * from t where a in (select 1, 2)', 'select * from t where a in (select 1)'],
    ['select * from t where a in (1, (select 1, 2))', 'select * from t where a in (1, (select 1))'],
    ['select array[b, array[$1]]', 'select array[b, array[c]]'],
    ['values ((b, c))', 'values ((b, c), (b, c))'],
    ['values (b)', 'values (c)'],
    ['select * from t where a in (b', 'select * from u where a in (b'],
    ['insert into t values (b', 'insert into u values (b'],
    ['values (b), (c)', 'values (c), (b)'],
    ['values ($1), a', 'values ($1) a'],
    ['values ($1), ($2), a', 'values ($1), ($2) a'],
    ['values ($1) ($2)', 'values ($1), ($2)'],
    ['values (($1), ($2))', 'values (($1))'],
    ['update t set a = default', 'update t set a = $1'],
    ['select * from t where a in (default)', 'select * from t where a in ($1)'],
    [
      'select a from t order by rank() over (order by a), 2',
      'select a from t order by rank() over (order by a), 3',
    ],
  ])('distinguishes %s from %s', (one, other) => {
    expect(fingerprint(other)).not.toBe(fingerprint(one))
  })

  it('folds only repetitions of the first sixteen different elements', () => {
    const columns = Array.from({ length: 17 }, (_, index) => `c${index + 1}`)
    const read = (...more: readonly string[]): string =>
      fingerprint(`select * from t where a in (${[...columns, ...more].join(', ')})`)
    expect(read('c1', 'c16')).toBe(read())
    expect(read('c17')).not.toBe(read())
  })

  it.each([
    ['in (1, $1, $2, b, 2)', 'in (?, $1, $2, b)'],
    ['in ($1, 1, $2, 2)', 'in ($1, ?, $2)'],
    ['in (b, 1, b, 2)', 'in (b, ?, b)'],
    ['in ((values (1), ($1), (2), ($2)))', 'in ((values (?), ($1), ($2)))'],
    ['in (array[1, 2], array[3, 4], array[$1])', 'in (array[?], array[$1])'],
    ['in (array[$1, $2], array[3], array[4])', 'in (array[$1, $2], array[?])'],
    ['in (values (array[1], $1), (array[2], $2), (b, $3))', 'in (values (array[?], $1), (b, $3))'],
    ['in (select 1, 2, 3)', 'in (select ?, ?, ?)'],
  ])('keeps of %s the first literal and all parameters: %s', (list, text) => {
    const sql = `select * from t where a ${list}`
    expect(analyzeQuery(sql, { dialect: 'postgresql' }).text).toBe(`select * from t where a ${text}`)
  })

  it.each([
    ['a in (%)', 'b in (%)'],
    ['a in (b, %)', 'a in (c, %)'],
    ['a in (array[b, %])', 'a in (array[c, %])'],
    ['a in (values (b, %))', 'a in (values (c, %))'],
    ['a in (values (1), (b, %))', 'a in (values (1), (c, %))'],
    ['a in (values (b)) and %', 'a in (values (c)) and %'],
  ])('counts the elements before an unmatched quote in %s and %s, and nothing after it', (one, other) => {
    const read = (condition: string, string: string): string =>
      fingerprint(`select * from t where ${condition.replace('%', string)}`)
    // After an unmatched quote nothing counts from the first string on.
    expect(read(one, "'it's")).not.toBe(read(other, "'it's"))
    expect(read(one, "'it's")).toBe(read(one, "'that's' or 'x"))
    expect(read(one, "'it's")).not.toBe(read(one, "'it'"))
  })

  it('folds rows that exceed the maximum length of the text', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => `($${2 * index + 1}, $${2 * index + 2})`).join(
      ', ',
    )
    const {
      text,
      truncated,
      fingerprint: ofMany,
    } = analyzeQuery(`insert into t values ${rows} returning a`, {
      dialect: 'postgresql',
    })
    expect(truncated).toBe(true)
    expect(text.length).toBeLessThanOrEqual(8_194)
    expect(ofMany).toBe(fingerprint('insert into t values ($1, $2) returning a'))
  })
})
