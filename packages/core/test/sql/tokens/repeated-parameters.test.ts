import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'
const fingerprint = (sql: string, dialect: string): string => analyzeQuery(sql, { dialect }).fingerprint

describe('RepeatedParametersTokenizer', () => {
  // The tokenizer does not skip over a comment, so the second list is read token by token.
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
  ])('gives the list %s the fingerprint of %s', (one, other) => {
    const read = (list: string): string => fingerprint(`select * from t where a ${list}`, 'postgresql')
    expect(read(one)).toBe(read(other))
  })

  it.each(['mysql', 'sqlite', 'other_sql'])(
    'skips question marks in %s only where they repeat a parameter',
    (dialect) => {
      const read = (list: string): string =>
        fingerprint(`select * from t where a in (${list}) and b`, dialect)
      expect(read('?, ?, ?')).toBe(read('?'))
      expect(read('?, ?, b')).toBe(read('?, b'))
      expect(read('?, ? + 1')).not.toBe(read('?'))
      expect(read('?,b')).not.toBe(read('?'))
    },
  )

  it('skips no amount of money that looks like a parameter', () => {
    const read = (list: string): string =>
      analyzeQuery(`select * from t where a in (${list})`, { dialect: 'microsoft.sql_server' }).text
    expect(read('@a, $1, $2')).toBe('select * from t where a in (@a, ?)')
  })
})
