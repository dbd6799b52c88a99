import { describe, expect, it } from 'vitest'

import { analyzeQuery, type AnalyzeOptions } from '../../../src/sql/shape/query-shape.js'
import { createShapeCache } from '../../../src/sql/shape/shape-cache.js'

/** Ways to ask for the rules of no system in particular. */
const READINGS: readonly (AnalyzeOptions | undefined)[] = [
  undefined,
  {},
  { dialect: undefined },
  { dialect: 'other_sql' },
  { dialect: 'oracle' },
  { dialect: 'clickhouse' },
  { dialect: 'cockroachdb', backslashEscapes: false },
  { dialect: 'other_sql', mergeNames: true },
  { dialect: 'other_sql', maxLength: 10, maxTextLength: 5 },
]

describe('analyzeQuery for an unknown system', () => {
  it.each(READINGS)('gives no text with %j', (options) => {
    for (const sql of ['select a from t where b = $1', "select 'x'", 'insert into t values (1), (2)', '']) {
      expect(analyzeQuery(sql, options)).toMatchObject({ text: '', truncated: true })
    }
  })

  it('gives fingerprint, summary, kind and tables', () => {
    const shape = analyzeQuery('insert into a.orders (b) select c from items where d = 1')
    expect(shape).toMatchObject({
      fingerprint: expect.stringMatching(/^q1:[0-9a-f]{16}$/),
      summary: 'insert a.orders select items',
      kind: 'insert',
      tables: ['a.orders', 'items'],
      writtenTables: ['a.orders'],
      explainable: true,
    })
    expect(shape.fingerprint).toBe(
      analyzeQuery("INSERT INTO a.orders (b) SELECT c FROM items WHERE d = 'x'").fingerprint,
    )
  })

  // The text would show how a statement was read. Without it the fingerprint does: it changes with every name.
  it.each([
    // strings and quoted names
    ['select "secret" from "t" where a = \'secret\''],
    ['select "secret\\", b'],
    ['select """secret""", b'],
    ['select * from t where a = "O"Brien secret" and b = "it"s"'],
    ['select * from t where a = "5" secret "'],
    ['select * from t use index (a), "secret"'],
    ["select `it's secret`, b"],
    ["select [it's secret]"],
    ["select [a]] ' ] , ' secret ' , [b]] ' ] from t"],
    ["select 'a\\' || secret || 'b'"],
    ["select ''' ' secret ' '''"],
    ["select q'[it's secret]' from t"],
    ['select $$ secret $$ from t'],
    ["select $a('), ' secret ', $b(')"],
    // comments
    ['select 5--secret\n, b'],
    ["select 5--'\n secret'"],
    ["select 1 // a ' b\n , ' secret ' // c ' d"],
    ["select a # it's\n secret"],
    ["select { a ' b } , ' secret ' { c ' d }"],
    ['select /* a /* b */ secret */ 1'],
    // arguments
    ['exec p \'x\', "secret"'],
    ['drop user "secret", "b"'],
    ['create user u identified by secret'],
  ])('takes nothing of the literals and unclear parts of %j', (sql) => {
    const shape = analyzeQuery(sql, { dialect: 'other_sql' })
    expect(JSON.stringify(shape)).not.toContain('secret')
    expect(analyzeQuery(sql.replaceAll('secret', 'hidden'), { dialect: 'other_sql' })).toEqual(shape)
  })

  it.each([
    ['select $12, 1', 'select ?, 2'],
    ['select a[1] from t', 'select a[?] from t'],
  ])('reads the numbers in %s as constants, as in %s', (one, other) => {
    expect(analyzeQuery(one).fingerprint).toBe(analyzeQuery(other).fingerprint)
  })
})

describe('createShapeCache for an unknown system', () => {
  it('keeps shapes without a text', () => {
    const cache = createShapeCache({ dialect: 'clickhouse' })
    const shape = cache.get('select a from t')
    expect(shape).toMatchObject({ text: '', summary: 'select t' })
    expect(cache.get('select a from t')).toBe(shape)
  })
})
