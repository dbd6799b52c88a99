import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../src/sql/query-shape.js'

const fingerprint = (sql: string): string => analyzeQuery(sql, { dialect: 'postgresql' }).fingerprint

describe('lists', () => {
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
  ])('%s is the same as %s', (one, other) => {
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
    [
      'select a from t order by rank() over (order by a), 2',
      'select a from t order by rank() over (order by a), 3',
    ],
  ])('%s is not the same as %s', (one, other) => {
    expect(fingerprint(other)).not.toBe(fingerprint(one))
  })

  it('reads rows that are longer than the text may be', () => {
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
