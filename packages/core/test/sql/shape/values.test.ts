import { describe, expect, it } from 'vitest'

import { analyzeQuery } from '../../../src/sql/shape/query-shape.js'
import { unquotedValues } from '../support/statement-forms.ts'

describe('SafeText of statements with values that have no quotes', () => {
  it.each(unquotedValues)('turns in %s %j into %j', (dialect, sql, text) => {
    expect(analyzeQuery(sql, { dialect }).text).toBe(text)
  })

  it.each(unquotedValues.filter(([, sql]) => /Secret/.test(sql)))(
    'takes in %s nothing of the values in %j',
    (dialect, sql) => {
      for (const reading of [dialect, 'other_sql']) {
        const shape = analyzeQuery(sql, { dialect: reading })
        expect(JSON.stringify(shape)).not.toContain('Secret')
        // Also the fingerprint would show a value to somebody who guesses it.
        expect(analyzeQuery(sql.replaceAll('Secret', 'Hidden'), { dialect: reading })).toEqual(shape)
      }
    },
  )

  it.each(unquotedValues.filter(([, sql]) => /Secret/.test(sql)))(
    'takes in %s nothing of the values in %j with other white space, comments and letter case',
    (dialect, sql) => {
      for (const space of ['\n', '\t ', ' /* c */ ', '/* c */', ' -- c\n']) {
        for (const text of [sql, sql.toUpperCase()]) {
          const shape = analyzeQuery(text.replaceAll(' ', space), { dialect })
          expect(JSON.stringify(shape), text).not.toMatch(/secret\d/i)
        }
      }
    },
  )

  it.each([
    ['postgresql', 'set role bob'],
    ['postgresql', 'set session characteristics as transaction read only'],
    ['postgresql', 'set search_path to default'],
    ['mysql', 'set names utf8mb4'],
    ['microsoft.sql_server', 'set identity_insert t on'],
    ['microsoft.sql_server', 'set @a = isnull(@b, @c)'],
    ['mysql', 'set @a := @b + c'],
    ['sqlite', 'pragma table_info(t)'],
    ['postgresql', 'select identified, password from t order by a'],
    ['postgresql', 'update t set password = secret where key = b'],
    ['postgresql', 'create table t (password text, identified text)'],
    ['postgresql', 'create function f() returns int begin atomic update t set a = b; end'],
    ['microsoft.sql_server', 'create proc p as update t set a = b where c = d'],
  ])('leaves in %s the words of %s', (dialect, sql) => {
    expect(analyzeQuery(sql, { dialect }).text).toBe(sql)
  })
})
