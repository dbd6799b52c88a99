import { describe, expect, it } from 'vitest'

import { codeIn, type Repeats, suggestionFor } from '../support/repeats.ts'

const POSTS = ['select * from "posts" where "author_id" = $1', 'id'] as const
const COMMENTS = 'select * from "comments" where "post_id" = $1'
const LIST = 'load them all with one query before the loop: '
const READ_IN_WORDS =
  'load them all with one query before the loop: use a join, or one condition that matches all of them'
const codeFor = (sql: string, more: Partial<Repeats> = {}) => codeIn(suggestionFor({ sql, ...more }))

describe('suggestOneQuery', () => {
  it('suggests one query and names the source of its values', () => {
    expect(suggestionFor({ sql: COMMENTS })).toBe(
      `${LIST}\`.where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))\``,
    )
    expect(suggestionFor({ sql: COMMENTS, source: POSTS })).toBe(
      `${LIST}\`.where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))\` (ids: the id of each row of select posts); or extend the source query: ` +
        "`.select((eb) => jsonArrayFrom(eb.selectFrom('comments').selectAll('comments').whereRef('comments.post_id', '=', 'posts.id')).as('comments'))` from kysely/helpers/postgres",
    )
  })

  it.each<[string, Partial<Repeats>, string]>([
    ['a list each', {}, '(ids: the elements of all lists), and pick the rows of each list from its result'],
    [
      'a list of each row',
      { source: ['select * from posts', 'tag_ids'], sourceHasLists: true },
      '(ids: all elements of the tag_ids in the rows of select posts), and pick the rows of each list from its result',
    ],
  ])('suggests one list for executions with %s, and no join', (_, more, rest) => {
    const repeats = { sql: 'select * from tags where id in ($1, $2)', varying: [0, 1], hasListEach: true }
    expect(suggestionFor({ ...repeats, ...more })).toBe(
      `${LIST}\`.where('id', '=', (eb) => eb.fn.any(eb.val(ids)))\` ${rest}`,
    )
    const count = 'select count(*) from tags where id in ($1, $2)'
    expect(suggestionFor({ ...repeats, ...more, sql: count })).toBe(READ_IN_WORDS)
  })

  it('suggests no join for the elements of a list', () => {
    const source = ['select * from posts', 'tag_ids'] as const
    expect(suggestionFor({ sql: 'select * from tags where id = $1', source, sourceHasLists: true })).toBe(
      `${LIST}\`.where('id', '=', (eb) => eb.fn.any(eb.val(ids)))\` (ids: all elements of the tag_ids in the rows of select posts)`,
    )
  })

  it.each([
    [
      'select * from "comments" as "c" where "c"."post_id" = $1',
      ".where('c.post_id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ],
    ['select * from comments where $1 = post_id', ".where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))"],
    [
      'select * from comments where post_id = any($1)',
      ".where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ],
    ['select * from products where name = $1', ".where('name', '=', (eb) => eb.fn.any(eb.val(values)))"],
    [
      'select * from products where status = $1::status',
      ".where('status', '=', (eb) => eb.fn.any(eb.val(values)))",
    ],
    [
      'select body from comments where post_id = $1',
      ".select('post_id').where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ],
    [
      'select post_id, body from comments where post_id = $1',
      ".where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ],
    [
      'select p.* from comments c join posts p on p.id = c.post_id where c.id = $1',
      ".select('c.id').where('c.id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ],
    [
      'select count(*) from comments where post_id = $1',
      ".select('post_id').where('post_id', '=', (eb) => eb.fn.any(eb.val(ids))).groupBy('post_id')",
    ],
    [
      'select tag, count(*) from tags where post_id = $1 group by tag',
      ".select('post_id').where('post_id', '=', (eb) => eb.fn.any(eb.val(ids))).groupBy('post_id')",
    ],
  ])('suggests code for %s', (sql, code) => {
    expect(codeFor(sql)).toEqual([code])
  })

  it('keeps the other conditions', () => {
    const suggestion = suggestionFor({
      sql: `${COMMENTS} and "tenant_id" = $2 and "deleted_at" is null`,
      source: POSTS,
    })
    expect(suggestion).toContain(
      "`.where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))` (ids: the id of each row of select posts), and keep its other conditions",
    )
    expect(suggestion).toContain(
      "eb.selectFrom('comments')….whereRef('comments.post_id', '=', 'posts.id').where('comments.tenant_id', '=', …)",
    )
  })

  it('keeps the ORDER BY', () => {
    const suggestion = suggestionFor({ sql: `${COMMENTS} order by "id"`, source: POSTS })
    expect(suggestion).toContain('(ids: the id of each row of select posts), and keep its ORDER BY; or ')
  })

  it.each([
    ['like', 'select * from posts where title like $1'],
    ['>', 'select * from posts where id > $1'],
    ['<>', 'select * from posts where id <> $1'],
    ['between', 'select * from posts where id between $1 and $2'],
    ['not in', 'select * from posts where id not in ($1)'],
    ['a list with one element that changes', 'select * from posts where id in ($1, $2)'],
    ['an expression', 'select * from posts where lower(title) = $1'],
    ['a cast column', 'select * from posts where id::text = $1'],
    ['a sign', 'select * from posts where id = -$1'],
    ['or', 'select * from posts where id = $1 or author_id = 1'],
    ['a subquery', 'select * from posts where exists (select from comments where post_id = $1)'],
    ['a join condition', 'select * from posts p left join comments c on c.post_id = p.id and c.user_id = $1'],
    ['a selected parameter', 'select $1 as a from posts'],
    ['a LIMIT parameter', 'select * from posts limit $1'],
    ['a set operation', 'select id from posts where id = $1 union select id from comments'],
    ['a window', 'select rank() over (order by id) from posts where author_id = $1'],
    ['distinct on', 'select distinct on (title) * from posts where author_id = $1'],
    ['pages', 'select * from posts where author_id = $1 offset 10'],
    ['a write', 'with x as (delete from posts returning *) select * from x where id = $1'],
    ['a text that cannot be read', "select * from posts where id = $1 and title = 'a"],
  ])('suggests words without code for %s', (_, sql) => {
    expect(suggestionFor({ sql, source: POSTS })).toBe(READ_IN_WORDS)
  })

  it('suggests words without code for values in the text', () => {
    expect(suggestionFor({ sql: 'select * from posts where id = 4711', varying: [] })).toBe(READ_IN_WORDS)
  })

  it.each([
    ['postgresql', '$1', ''],
    ['sqlite', '?', ''],
    ['mysql', '?', '; skip it if ids is empty'],
    ['mariadb', '?', '; skip it if ids is empty'],
    ['microsoft.sql_server', '@1', '; skip it if ids is empty, and pass at most 2,000 ids at once'],
  ])('names the lists that the code does not take on %s', (system, parameter, hint) => {
    const sql = `select * from comments where post_id = ${parameter} order by id`
    expect(suggestionFor({ sql, system }).replace(/.*, and keep its ORDER BY/, '')).toBe(hint)
    const remove = suggestionFor({ sql: `delete from comments where post_id = ${parameter}`, system })
    expect(remove.replace(/.*`/, '')).toBe(hint)
    const update = suggestionFor({
      sql: `update comments set likes = 0 where post_id = ${parameter}`,
      system,
    })
    expect(update.replace(/.*`/, '')).toBe(hint)
  })

  it('names the parameter that varies', () => {
    expect(codeFor(`${COMMENTS} and "tenant_id" = $2`)).toEqual([
      ".where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ])
    expect(codeFor(`${COMMENTS} and "tenant_id" = $2`, { varying: [1] })).toEqual([
      ".where('tenant_id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ])
  })

  it.each([
    ['postgresql', ''],
    ['mysql', ''],
    ['sqlite', '; pass at most 900 rows at once'],
    ['microsoft.sql_server', '; pass at most 2,000 values at once'],
  ])('compares composite keys on %s, and names how many the code does not take', (system, hint) => {
    const parameters = { postgresql: ['$1', '$2'], 'microsoft.sql_server': ['@1', '@2'] }[system] ?? [
      '?',
      '?',
    ]
    const sql = `select * from p where a = ${parameters[0]} and p.b = ${parameters[1]}`
    expect(codeFor(sql, { system, varying: [0, 1] })).toEqual([
      ".where((eb) => eb.or(rows.map((row) => eb.and({ a: row.a, 'p.b': row.b }))))",
    ])
    expect(suggestionFor({ sql, system, varying: [0, 1] }).replace(/.*\)/, '')).toBe(hint)
  })
})
