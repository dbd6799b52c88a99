import { describe, expect, it } from 'vitest'

import { codeIn, type Repeats, suggestionFor } from '../support/repeats.ts'

const POSTS = ['select * from "posts" where "author_id" = $1', 'id'] as const
const COMMENTS = 'select * from "comments" where "post_id" = $1'
const READ_IN_WORDS =
  'load them all with one query before the loop: use a join, or one condition that matches all of them'
const codeFor = (sql: string, more: Partial<Repeats> = {}) => codeIn(suggestionFor({ sql, ...more }))

describe('suggestJoin', () => {
  const AUTHOR = 'select * from "authors" where "id" = $1'
  const joinFor = (sql: string, more: Partial<Repeats>) => codeFor(sql, { returnsOne: true, ...more })[1]

  it('suggests a left join for rows that are found by their key', () => {
    for (const all of ['id, author_id', 'posts.*']) {
      expect(joinFor(AUTHOR, { source: [`select ${all} from posts`, 'author_id'] })).toBe(
        ".leftJoin('authors', 'authors.id', 'posts.author_id').select([…])",
      )
    }
  })

  it('suggests JSON if a join would mix the columns of both tables', () => {
    expect(joinFor(AUTHOR, { source: ['select * from posts', 'author_id'] })).toBe(
      ".select((eb) => jsonObjectFrom(eb.selectFrom('authors').selectAll('authors').whereRef('authors.id', '=', 'posts.author_id')).as('authors'))",
    )
  })

  it.each([
    ['an alias', 'select p.author_id from posts as p join editors e on true', 'author_id', 'p.author_id'],
    ['another name', 'select author_id as writer from posts', 'writer', 'posts.author_id'],
    [
      'all of one table',
      'select p.*, e.name from posts p join editors e on true',
      'author_id',
      'p.author_id',
    ],
    [
      'a subquery',
      'select author_id from (select author_id from posts) as recent',
      'author_id',
      'recent.author_id',
    ],
    ['a schema and an alias', 'select p.* from blog.posts as p', 'author_id', 'p.author_id'],
  ])('names a column of the source query through %s', (_, sql, column, reference) => {
    expect(joinFor(AUTHOR, { source: [sql, column] })).toContain(`'authors.id', '${reference}'`)
  })

  it.each([
    ['of one of several tables', 'select * from posts, editors', 'author_id'],
    ['without a qualifier among several', 'select author_id from posts join editors on true', 'author_id'],
    ['an expression', 'select coalesce(author_id, 1) as author_id from posts', 'author_id'],
    ['that is not selected', 'select id from posts', 'author_id'],
    ['with a schema', 'select author_id from blog.posts', 'author_id'],
    ['of a set operation', 'select author_id from posts union select id from editors', 'author_id'],
    ['of groups', 'select author_id from posts group by author_id', 'author_id'],
    ['without duplicates', 'select distinct author_id from posts', 'author_id'],
    ['that a write returned', 'insert into posts (id) values (1) returning author_id', 'author_id'],
    ['of a table that is read already', 'select p.author_id from posts p join authors on true', 'author_id'],
  ])('suggests no join for a source column %s', (_, sql, column) => {
    expect(codeFor(AUTHOR, { source: [sql, column], returnsOne: true })).toEqual([
      ".where('id', '=', (eb) => eb.fn.any(eb.val(ids)))",
    ])
  })

  it.each([
    ['a CTE', 'with c as (select * from comments) select * from c where post_id = $1'],
    ['a schema', 'select * from blog.comments where post_id = $1'],
    ['an aggregate', 'select count(*) from comments where post_id = $1'],
    ['a joined table', 'select * from users u left join comments c on c.user_id = u.id where c.post_id = $1'],
    ['an unclear table', 'select * from comments join users on true where post_id = $1'],
  ])('suggests no join for a loop that reads %s', (_, sql) => {
    expect(codeFor(sql, { source: POSTS })).toHaveLength(1)
  })

  it.each([
    ['a key', 'id', '', 'jsonObjectFrom', ''],
    ['a column that is unique in a part of the table', 'slug', '', 'jsonArrayFrom', ''],
    ['a foreign key that happened to find one row', 'post_id', '', 'jsonArrayFrom', ''],
    ['LIMIT 1', 'post_id', ' order by "id" limit 1', 'jsonObjectFrom', '.limit(1)'],
    ['FETCH FIRST ROW', 'post_id', ' fetch first row only', 'jsonObjectFrom', '.limit(1)'],
    ['ties', 'post_id', ' order by "id" fetch first 1 row with ties', 'jsonArrayFrom', ''],
    ['LIMIT 2', 'post_id', ' limit 2', 'jsonArrayFrom', ''],
  ])('returns one object only where a second row is impossible: %s', (_, column, end, helper, limit) => {
    const sql = `select * from "comments" where "${column}" = $1${end}`
    const code = codeFor(sql, { source: ['select * from posts', 'id'], returnsOne: true }).at(-1)!
    expect(code).toContain(`=> ${helper}(eb.selectFrom('comments')`)
    expect(code).toContain(`'posts.id')${limit}).as(`)
  })

  it('returns one object for TOP 1 on SQL Server', () => {
    const sql = 'select top(1) * from "comments" where "post_id" = @1'
    const source = ['select * from posts', 'id'] as const
    const code = codeFor(sql, { system: 'microsoft.sql_server', source, returnsOne: true }).at(-1)!
    expect(code).toContain(`=> jsonObjectFrom(`)
    expect(code).toContain(`'posts.id').top(1)).as(`)
  })

  it('returns one object for a LIMIT whose parameter was always 1', () => {
    const sql = 'select * from "comments" where "post_id" = $1 limit $2'
    const repeats = { source: ['select * from posts', 'id'] as const, returnsOne: true }
    expect(codeFor(sql, repeats).at(-1)).toContain('jsonArrayFrom')
    expect(codeFor(sql, { ...repeats, limitedToOne: true }).at(-1)).toContain('jsonObjectFrom')
  })

  it('says to qualify the columns of the source query of a join', () => {
    const source = ['select id, author_id from posts as p', 'author_id'] as const
    expect(suggestionFor({ sql: AUTHOR, source, returnsOne: true })).toMatch(
      /\.select\(\[…\]\)`, and write p\. before its own columns$/,
    )
  })

  it('suggests a JSON object for one row with further conditions, and an array for many rows', () => {
    expect(joinFor(`${AUTHOR} and "tenant_id" = $2`, { source: ['select * from posts', 'author_id'] })).toBe(
      ".select((eb) => jsonObjectFrom(eb.selectFrom('authors').selectAll('authors').whereRef('authors.id', '=', 'posts.author_id').where('authors.tenant_id', '=', …)).as('authors'))",
    )
    expect(codeFor('select c.id, c.body from comments as c where c.post_id = $1', { source: POSTS })[1]).toBe(
      ".select((eb) => jsonArrayFrom(eb.selectFrom('comments as c').select(['c.id', 'c.body']).whereRef('c.post_id', '=', 'posts.id')).as('c'))",
    )
  })

  it('writes … for the rest of the query of the loop', () => {
    const sql = 'select c.*, u.name from comments c join users u on u.id = c.user_id where c.post_id = $1'
    expect(codeFor(sql, { source: POSTS })[1]).toContain(
      "eb.selectFrom('comments as c')….whereRef('c.post_id', '=', 'posts.id')",
    )
  })

  it('replaces the list if each execution has a LIMIT', () => {
    expect(suggestionFor({ sql: `${COMMENTS} order by id limit 3`, source: POSTS })).toBe(
      'extend the source query: ' +
        "`.select((eb) => jsonArrayFrom(eb.selectFrom('comments')….whereRef('comments.post_id', '=', 'posts.id')).as('comments'))` from kysely/helpers/postgres in the same order",
    )
    expect(suggestionFor({ sql: `${COMMENTS} limit 3` })).toBe(READ_IN_WORDS)
  })

  it.each([
    ['postgresql', '.selectAll(', 'from kysely/helpers/postgres'],
    ['mysql', '.select([…])', 'from kysely/helpers/mysql'],
    ['sqlite', '.select([…])', 'from kysely/helpers/sqlite'],
    ['microsoft.sql_server', '.selectAll(', 'from kysely/helpers/mssql'],
  ])('uses the helper for %s', (system, select, helper) => {
    const parameter = { postgresql: '$1', 'microsoft.sql_server': '@1' }[system] ?? '?'
    const suggestion = suggestionFor({
      sql: `select * from comments where post_id = ${parameter}`,
      system,
      source: ['select id from posts', 'id'],
    })
    expect(suggestion).toContain(select)
    expect(suggestion).toContain(helper)
  })

  it.each(['mariadb', 'other_sql'])(
    'suggests no JSON on a system without a helper of Kysely: %s',
    (system) => {
      const sql = 'select * from comments where post_id = ?'
      expect(codeFor(sql, { system, source: ['select id from posts', 'id'] })).toHaveLength(1)
    },
  )

  it('suggests the whole tree for a loop over rows of the same table', () => {
    const sql = 'select * from "categories" where "parent_id" = $1'
    const suggestion = suggestionFor({ sql, source: [sql, 'id'] })
    expect(suggestion).not.toContain("Join('categories'")
    expect(suggestion).toContain('or run one such query for each level of the tree, or load the whole tree: ')
    expect(codeIn(suggestion)[1]).toBe(
      ".withRecursive('tree', (db) => db.selectFrom('categories').selectAll('categories').where('categories.parent_id', '=', …).unionAll(db.selectFrom('categories').selectAll('categories').innerJoin('tree', 'tree.id', 'categories.parent_id')))",
    )
  })

  it('suggests one query for each level of a tree with further conditions, or without WITH RECURSIVE', () => {
    const sql = 'select * from "categories" where "parent_id" = $1 and "tenant_id" = $2'
    expect(suggestionFor({ sql, source: [sql, 'id'] })).toMatch(
      /; or run one such query for each level of the tree$/,
    )
    const other = 'select * from "categories" where "parent_id" = @1'
    expect(suggestionFor({ sql: other, system: 'microsoft.sql_server', source: [other, 'id'] })).toMatch(
      /; or run one such query for each level of the tree$/,
    )
  })

  it('suggests more columns for rows that the source query has read', () => {
    const suggestion = suggestionFor({
      sql: 'select * from posts where id = $1',
      source: ['select id from posts', 'id'],
    })
    expect(suggestion).toMatch(/; or select all columns that you need in select posts$/)
  })
})

it('suggestJoin suggests no join of two databases', () => {
  expect(codeFor(COMMENTS, { source: POSTS, isElsewhere: true })).toHaveLength(1)
})
