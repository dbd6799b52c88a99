import { describe, expect, it } from 'vitest'

import { sourceColumnOf } from '../../../../src/findings/kinds/n-plus-one/source-column.js'
import { executionOf } from '../../support/executions.js'

describe('sourceColumnOf', () => {
  it.each<[string, string, string, boolean]>([
    ['postgresql', 'select id from posts', 'id', true],
    ['postgresql', 'select p.id as "postKey" from posts p', 'postKey', true],
    ['postgresql', 'select * from posts', 'id', true],
    ['postgresql', 'select *, $1 as x from posts', 'id', true],
    ['postgresql', "select *, 'secret' from posts", 'id', true],
    ['postgresql', 'select count(id) from posts', 'max', false],
    ['postgresql', 'select * from posts', '?column?', false],
    ['sqlite', "select email || 'secret@example.com' from t", "email || 'secret@example.com'", false],
    ['sqlite', "select 'secret' from t", "'secret'", false],
    ['mysql', "select 'secret' from t", 'secret', false],
    ['mysql', "select *, 'secret' from t", 'secret', false],
    ['mysql', 'select * from t', 'id', true],
    ['mysql', "select id, 'secret' from t", 'id', true],
    ['mysql', "select id from t where name = 'secret'", 'secret', false],
    ['mysql', 'select idea from t', 'id', false],
    ['mysql', 'select 1', 'id', false],
  ])('on %s, for %s, recognizes %s as a column: %j', (system, sql, column, expected) => {
    expect(sourceColumnOf(executionOf(sql, system), column)).toBe(expected ? column : undefined)
  })
})
