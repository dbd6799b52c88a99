import { describe, expect, it } from 'vitest'

import { codeIn, type Repeats, suggestionFor } from '../support/repeats.ts'

const POSTS = ['select * from "posts" where "author_id" = $1', 'id'] as const
const LIST = 'load them all with one query before the loop: '
const READ_IN_WORDS =
  'load them all with one query before the loop: use a join, or one condition that matches all of them'
const codeFor = (sql: string, more: Partial<Repeats> = {}) => codeIn(suggestionFor({ sql, ...more }))

describe('names in suggestions', () => {
  const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

  it('are the names in the code of the application', () => {
    expect(
      suggestionFor({
        sql: 'select * from order_items where order_id = $1',
        source: ['select * from big_orders', 'id'],
        nameInCode: camelCase,
      }),
    ).toBe(
      `${LIST}\`.where('orderId', '=', (eb) => eb.fn.any(eb.val(ids)))\` (ids: the id of each row of select big_orders); or extend the source query: ` +
        "`.select((eb) => jsonArrayFrom(eb.selectFrom('orderItems').selectAll('orderItems').whereRef('orderItems.orderId', '=', 'bigOrders.id')).as('orderItems'))` from kysely/helpers/postgres",
    )
    expect(
      suggestionFor({
        sql: 'update a set some_title = $1 where own_id = $2',
        varying: [0, 1],
        nameInCode: camelCase,
      }),
    ).toBe(
      "update all rows at once: `.updateTable('a').from(rows).set((eb) => ({ someTitle: eb.ref('rows.someTitle') })).whereRef('a.ownId', '=', 'rows.ownId')` (rows: json_to_recordset(…) as rows(own_id, some_title) with their types)",
    )
  })

  it.each([
    ['select * from a where "it\'s" = $1', undefined],
    ['select * from "a b" where id = $1', ".where('id', '=', (eb) => eb.fn.any(eb.val(ids)))"],
    ['select * from a as "b c" where "b c".id = $1', undefined],
    ['delete from "secret 4711" where id = $1', ".where('id', '=', (eb) => eb.fn.any(eb.val(ids)))"],
    ['insert into "secret 4711" (id) values ($1)', '.values([…])'],
    ['update a set "secret 4711" = $1 where id = $2', undefined],
  ])('are left out if they are no identifiers: %s', (sql, code) => {
    const varying = sql.startsWith('update') ? [0, 1] : [0]
    expect(codeFor(sql, { varying, source: POSTS })[0]).toBe(code)
  })

  it.each(['mysql', 'sqlite'])('are left out for columns that are named after expressions: %s', (system) => {
    const source = ["select concat(secret, 'hunter2'), id from posts", "concat(secret, 'hunter2')"] as const
    const suggestion = suggestionFor({ sql: 'select * from comments where post_id = ?', system, source })
    expect(suggestion).toContain(`${LIST}\`.where('post_id', 'in', ids)\``)
    expect(suggestion).not.toMatch(/hunter2|secret/)
  })

  it('are left out if they may be literals of an unknown system', () => {
    const source = ['select "id" from posts', 'id'] as const
    const suggestion = suggestionFor({
      sql: 'select * from comments where "hunter2" = ?',
      system: 'other_sql',
      source,
    })
    expect(suggestion).toBe(READ_IN_WORDS)
  })

  it('come without literals of the statement', () => {
    const statements = [
      "select 'hunter2' as a, 4711 as b, c from comments where post_id = $1 and d = 'hunter2' and e > 4711",
      "update comments set a = 'hunter2', b = 4711 where post_id = $1 and c = 'hunter2' and d in (4711, 4712)",
      "delete from comments where post_id = $1 and c = 'hunter2' or d like '%4711%'",
      "insert into comments (a, b) values ($1, 'hunter2')",
    ]
    const source = ["select id, 'hunter2' as x from posts where a = 4711", 'id'] as const
    for (const sql of statements) expect(suggestionFor({ sql, source })).not.toMatch(/hunter2|4711/)
  })
})
