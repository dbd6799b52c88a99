import { describe, expect, it } from 'vitest'

import { codeIn, type Repeats, suggestionFor } from '../support/repeats.ts'

const UPDATE_IN_WORDS = 'update all rows with one statement instead of one for each row'
const DELETE_IN_WORDS = 'delete all rows with one statement, whose condition matches all of them'
const codeFor = (sql: string, more: Partial<Repeats> = {}) => codeIn(suggestionFor({ sql, ...more }))

describe('suggestOneWrite', () => {
  it.each([
    [
      'delete from comments where post_id = $1',
      [0],
      ".deleteFrom('comments').where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ],
    [
      'delete from comments where post_id = $1 and tenant_id = $2',
      [0],
      ".deleteFrom('comments').where('post_id', '=', (eb) => eb.fn.any(eb.val(ids))).where('tenant_id', '=', …)",
    ],
    [
      'delete from blog.comments where post_id = $1',
      [0],
      ".where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ],
    [
      'delete from c where a = $1 and b = $2',
      [0, 1],
      ".deleteFrom('c').where((eb) => eb.or(rows.map((row) => eb.and({ a: row.a, b: row.b }))))",
    ],
    ['insert into comments (post_id, body) values ($1, $2)', [1], ".insertInto('comments').values([…])"],
    ['insert into blog.comments (post_id, body) values ($1, $2)', [1], '.values([…])'],
    [
      'update posts set read = $1, by = $2 where id = $3',
      [2],
      ".updateTable('posts').set({ read: …, by: … }).where('id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ],
    [
      'update posts set likes = likes + 1 where id = $1 and tenant_id = $2',
      [0],
      ".updateTable('posts').set(…).where('id', '=', (eb) => eb.fn.any(eb.val(ids))).where('tenant_id', '=', …)",
    ],
    [
      'update posts set title = $1 where id = $2',
      [0, 1],
      ".updateTable('posts').from(rows).set((eb) => ({ title: eb.ref('rows.title') })).whereRef('posts.id', '=', 'rows.id')",
    ],
    [
      'update posts as p set title = $1, by = $2 where p.id = $3 and tenant_id = $4',
      [0, 2],
      ".updateTable('posts as p').from(rows).set((eb) => ({ title: eb.ref('rows.title') })).whereRef('p.id', '=', 'rows.id').where('p.tenant_id', '=', …)",
    ],
  ])('suggests code for %s', (sql, varying, code) => {
    expect(codeFor(sql, { varying })).toEqual([code])
  })

  it('says to keep the conditions that the code lacks', () => {
    expect(
      suggestionFor({
        sql: "delete from posts where id = $1 and status in ('a', 'b') and likes between $2 and $3",
      }),
    ).toBe(
      "delete all rows at once: `.deleteFrom('posts').where('id', '=', (eb) => eb.fn.any(eb.val(ids)))` and its other conditions",
    )
    expect(
      suggestionFor({ sql: 'delete from posts where id = $1 and status in ($2, $3) and a like $4' }),
    ).toBe(
      "delete all rows at once: `.deleteFrom('posts').where('id', '=', (eb) => eb.fn.any(eb.val(ids))).where('status', 'in', […]).where('a', 'like', …)`",
    )
  })

  it('says to keep the handling of conflicts', () => {
    expect(suggestionFor({ sql: 'insert into a (b) values ($1) on conflict (b) do nothing' })).toBe(
      "insert all rows at once: `.insertInto('a').values([…])` with one object for each row, keep the handling of conflicts, and pass each key once; skip it without rows, and pass at most 1,000 rows at once",
    )
    expect(suggestionFor({ sql: 'replace into a (b) values (?)', system: 'sqlite' })).toContain(
      ".replaceInto('a').values([…])",
    )
  })

  it.each([
    ['postgresql', ['$1', '$2'], '.from(rows)', 'json_to_recordset(…) as rows(id, title) with their types'],
    ['sqlite', ['?', '?'], '.from(rows)', 'a query of json_each(…) with the columns id, title'],
    ['microsoft.sql_server', ['@1', '@2'], '.from(rows)', '(values …) as rows(id, title)'],
    [
      'mysql',
      ['?', '?'],
      ".innerJoin(rows, (join) => join.onRef('posts.id', '=', 'rows.id')).set('posts.title', (eb) => eb.ref('rows.title'))",
      'json_table(…) with the columns id, title',
    ],
  ])('updates from a table of values on %s', (system, [title, id], code, rows) => {
    const suggestion = suggestionFor({
      sql: `update posts set title = ${title} where id = ${id}`,
      system,
      varying: [0, 1],
    })
    expect(codeIn(suggestion)[0]).toContain(code)
    expect(suggestion).toContain(`(rows: ${rows})`)
  })

  it.each([
    ['without WHERE', 'update posts set title = $1', [0], UPDATE_IN_WORDS],
    ['to the same row', 'update posts set title = $1 where id = $2', [0], UPDATE_IN_WORDS],
    ['by a range', 'update posts set title = $1 where id > $2', [1], UPDATE_IN_WORDS],
    [
      'by a changing expression',
      'update posts set likes = likes + $1 where id = $2',
      [0, 1],
      UPDATE_IN_WORDS,
    ],
    [
      'with a FROM',
      'update posts set title = a.b from a where a.c = posts.id and posts.id = $1',
      [0],
      UPDATE_IN_WORDS,
    ],
    ['by a pattern', 'delete from posts where title like $1', [0], DELETE_IN_WORDS],
    ['to all rows but one', 'delete from posts where id <> $1', [0], DELETE_IN_WORDS],
    [
      'from a query',
      'insert into a (b) select c from d where e = $1',
      [0],
      'insert all rows with one statement instead of one for each row',
    ],
    [
      'by MERGE',
      'merge into a using b on a.c = $1 when matched then delete',
      [0],
      'write all rows with one statement instead of one for each row',
    ],
  ])('suggests words without code for a write %s', (_, sql, varying, words) => {
    expect(suggestionFor({ sql, varying })).toBe(words)
  })
})
