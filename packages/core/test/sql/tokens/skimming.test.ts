import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'
import { ownFiles, postgresFiles, statementsOf } from '../support/corpus.ts'

/** Names are read one by one where the text may not take the whole statement. */
const ONE_BY_ONE = 1

function fingerprint(sql: string, dialect: string, maxTextLength?: number): string {
  return analyzeQuery(sql, { dialect, maxTextLength }).fingerprint
}

describe('skimming', () => {
  it('finds in the corpus what reading token by token finds', () => {
    const statements = statementsOf([...ownFiles, ...postgresFiles])
    const others = statements.filter(
      (sql) => fingerprint(sql, 'postgresql') !== fingerprint(sql, 'postgresql', ONE_BY_ONE),
    )
    expect(others).toEqual([])
  })

  it.each([
    'select "a" , "b"  . "c"."d", "e"from"f"',
    'select "a"."b" "c"."d"',
    'select "a""b", "a"" ""b"',
    'select "a" -- "b"\n"c"',
    'select "a"\n. "b"',
    'select "a"."b".c."d"',
    'select "a".',
    'select "a" ."b',
    'select "" "a"',
    'select "a" as "b" join "c" - 5',
    'select "a"\'b\', "c" 5',
    'select "a" -5, "b" +1, "c"[1], "d":e',
    'select "a"."select" "b" from "c" order by "d", 2',
    'select is "a" null, not "b" true',
    'select "a" ? "b"',
    'select date "a" \'b\', 5::"c"."d" "e"',
    'with "a" as (select "b" from "c") select "d" from "a"',
    'insert into "t" values ($1) "a" ("b")',
  ])('finds in %s what reading token by token finds', (sql) => {
    for (const dialect of ['postgresql', 'sqlite', 'microsoft.sql_server']) {
      expect(fingerprint(sql, dialect)).toBe(fingerprint(sql, dialect, ONE_BY_ONE))
    }
  })

  it.each([
    ['select "a"."b"', 'select "a" "b"'],
    ['select "a"."b"', 'select "a"'],
    ['select "a" "b"', 'select "b" "a"'],
    ['select "ab" "c"', 'select "a" "bc"'],
    ['select "a""b"', 'select "a" "b"'],
  ])('tells %s from %s', (one, other) => {
    expect(fingerprint(one, 'postgresql')).not.toBe(fingerprint(other, 'postgresql'))
  })

  // A comment between them is not skimmed: what stands behind `/**/` is read token by token.
  it.each([
    ['in ($1, $2, $3)', 'in ($1/**/,/**/$2/**/,/**/$3)'],
    ['in ($1, $2, $3::int)', 'in ($1/**/,/**/$2/**/,/**/$3::int)'],
    ['in ($1, $2 + 1, $3)', 'in ($1/**/,/**/$2 + 1, $3)'],
    ['in ($1, $2 b, $3)', 'in ($1/**/,/**/$2 b, $3)'],
    ['in ($1, $2, b, $3, c)', 'in ($1, b, c)'],
    ['in ($1,$2,\n$33)', 'in ($1)'],
    ['in ($1 , $2 , )', 'in ($1/**/,/**/$2/**/,/**/)'],
    ['in ($1, $)', 'in ($1/**/,/**/$)'],
    ['in ($1, $2', 'in ($1/**/,/**/$2'],
    ['in ($1, ?)', 'in ($1/**/,/**/?)'],
    ['in (values ($1, $2), ($3, $4), ($5, $6))', 'in (values ($1, $2),/**/($3,/**/$4)/**/,(/**/$5, $6))'],
    ['in (values ($1, $2), ($3, $4), ($5, b))', 'in (values ($1, $2),/**/($3,/**/$4), (/**/$5, b))'],
    ['in (values ($1, $2), ($3), ($4, $5))', 'in (values ($1, $2),/**/($3), (/**/$4, $5))'],
    ['in (values ($1), ($2, $3), ($4))', 'in (values ($1),/**/($2,/**/$3), (/**/$4))'],
    ['in (values ($1), ($2::int), ($3))', 'in (values ($1),/**/(/**/$2::int), (/**/$3))'],
    ['in (values ($1), ($2 + 1), ($3))', 'in (values ($1),/**/(/**/$2 + 1), (/**/$3))'],
    ['in (values ($1)) b, ($2)', 'in (values ($1)/**/)/**/b,/**/(/**/$2)'],
    ['in (values ($1), $2), ($3)', 'in (values ($1)/**/,/**/$2)/**/,/**/(/**/$3)'],
    ['in (values ($1), ($2', 'in (values ($1)/**/,/**/(/**/$2'],
    ['in (values ($1), ()', 'in (values ($1)/**/,/**/(/**/)'],
    ['in (values ($1), ($2, ))', 'in (values ($1)/**/,/**/(/**/$2, ))'],
    ['in (values ($1)x($2))', 'in (values ($1)/**/x($2))'],
    ['in (values ($1), [$2))', 'in (values ($1)/**/,/**/[/**/$2))'],
  ])('finds in %s what it finds in %s', (one, other) => {
    const read = (list: string): string => fingerprint(`select * from t where a ${list}`, 'postgresql')
    expect(read(one)).toBe(read(other))
  })

  it.each(['mysql', 'sqlite', 'other_sql'])('skims the question marks of %s', (dialect) => {
    const read = (list: string): string => fingerprint(`select * from t where a in (${list}) and b`, dialect)
    expect(read('?, ?, ?')).toBe(read('?'))
    expect(read('?, ?, b')).toBe(read('?, b'))
    expect(read('?, ? + 1')).not.toBe(read('?'))
    expect(read('?,b')).not.toBe(read('?'))
  })

  it('takes no dollar for a parameter where it is an amount', () => {
    const read = (list: string): string =>
      analyzeQuery(`select * from t where a in (${list})`, { dialect: 'microsoft.sql_server' }).text
    expect(read('@a, $1, $2')).toBe('select * from t where a in (@a, ?)')
  })
})
