import {
  assertNoDuplicateQueries,
  assertNoFindings,
  assertNoNPlusOne,
  assertNotQueried,
  assertQueried,
  assertQueryCount,
  captureQueries,
  QueryAssertionError,
} from '@querylens/testing'
import { AssertionError } from 'node:assert'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { addAuthor, authorPages, booksOf } from '../support/catalog.ts'
import { errorOf } from '../support/failure.ts'
import { openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

describe('assertQueryCount', () => {
  it.each([
    [3],
    [{ max: 3 }],
    [{ min: 1 }],
    [{ min: 2, max: 4 }],
    [{ count: 3, select: 2, insert: 1 }],
    [{ select: 2 }],
    [{ insert: { max: 1 }, update: 0 }],
    [{ table: 'authors', count: 3 }],
    [{ table: 'AUTHORS', insert: 1, select: { max: 2 } }],
    [{ table: 'books', count: 0 }],
  ])('accepts %o', async (expected) => {
    const queries = await captureQueries(() => addAuthor(library.db, `author of ${JSON.stringify(expected)}`))
    assertQueryCount(queries, expected)
  })

  it.each([
    [2],
    [{ max: 2 }],
    [{ min: 4 }],
    [{ count: 2, select: 2 }],
    [{ select: 1 }],
    [{ select: { min: 3 } }],
    [{ insert: 0 }],
    [{ table: 'authors', max: 2 }],
    [{ table: 'authors', select: 1 }],
  ])('fails with %o', async (expected) => {
    const queries = await captureQueries(() =>
      addAuthor(library.db, `one more of ${JSON.stringify(expected)}`),
    )
    expect(() => assertQueryCount(queries, expected)).toThrow(QueryAssertionError)
  })

  const add = sql`insert into authors (name) values ('added') returning id`
  const remove = sql`delete from authors where name = 'added' returning id`
  it.each([
    [sql`with added as (${add}) select * from added`, { count: 1, select: 1, insert: 1, delete: 0 }],
    [
      sql`with gone as (${remove}) insert into authors select * from gone where false`,
      { delete: 1, insert: 1 },
    ],
    [sql`select 1 as insert from authors as update`, { count: 1, select: 1, insert: 0, update: 0 }],
    [
      sql`with gone as (${remove}), added as (${add}) select 1`,
      { table: 'authors', select: 1, insert: 1, delete: 1 },
    ],
  ])('counts the writes in CTEs of %#', async (statement, expected) => {
    const queries = await captureQueries(() => statement.execute(library.db))
    assertQueryCount(queries, expected)
  })

  it('fails with no insert where one is in a CTE', async () => {
    const statement = sql`with added as (${add}) select * from added`
    const queries = await captureQueries(() => statement.execute(library.db))
    expect(() => assertQueryCount(queries, { insert: 0 })).toThrow(
      'Expected 0 insert queries, got 1 insert query',
    )
  })

  it('captures a function, and resolves to its queries', async () => {
    const queries = await assertQueryCount(() => booksOf(library.db, 1).then(({ length }) => length), 1)
    expect(queries.result).toBe(2)
  })

  it('rejects with the line of its caller', async () => {
    const error = (await errorOf(() => assertQueryCount(() => booksOf(library.db, 1), 2))) as AssertionError
    expect(error).toBeInstanceOf(AssertionError)
    expect(error).toMatchObject({ name: 'QueryAssertionError', actual: '1 query', expected: '2 queries' })
    expect(error.stack?.split('\n').find((line) => /^\s+at /.test(line))).toContain('passes.test.ts')
    expect(error).not.toHaveProperty('diff')
  })
})

describe('assertNoFindings', () => {
  it('accepts the kinds that are left out', async () => {
    const queries = await captureQueries(() => authorPages(library.db))
    assertNoFindings(queries, { except: ['n_plus_one'] })
    assertNoFindings(queries, { only: ['duplicate_query', 'large_result'] })
    assertNoDuplicateQueries(queries)
    expect(() => assertNoFindings(queries, { only: ['n_plus_one'] })).toThrow(QueryAssertionError)
    expect(() => assertNoNPlusOne(queries)).toThrow(QueryAssertionError)
  })

  it('accepts what an allowance names', async () => {
    const queries = await captureQueries(() => authorPages(library.db))
    const reason = 'the page has 20 authors'
    assertNoNPlusOne(queries, { allow: [{ callSite: 'support/catalog.ts#authorPages', reason }] })
    expect(() =>
      assertNoNPlusOne(queries, { allow: [{ callSite: 'support/catalog.ts#another', reason }] }),
    ).toThrow(QueryAssertionError)
    expect(await errorOf(() => assertNoFindings(queries))).toMatchObject({
      actual: [
        expect.stringMatching(/^N\+1: \d+x select books authors, one for each row of select authors$/),
      ],
      expected: [],
    })
  })
})

describe('assertQueried', () => {
  it('finds a table by itself or in a join, and a text', async () => {
    const queries = await captureQueries(() => booksOf(library.db, 1))
    assertQueried(queries, 'Books')
    assertQueried(queries, 'authors')
    assertQueried(queries, /order by "books"/)
    const sticky = /inner join/g
    assertQueried(queries, sticky)
    assertQueried(queries, sticky)
    assertNotQueried(queries, 'reservations')
    assertNotQueried(queries, /for update/)
    expect(() => assertNotQueried(queries, 'authors')).toThrow(QueryAssertionError)
    expect(() => assertNotQueried(queries, /JOIN/i)).toThrow(QueryAssertionError)
    expect(() => assertQueried(queries, 'book')).toThrow(QueryAssertionError)
  })
})

describe('assertNoFindings', () => {
  it('leaves out the kinds that measure time, unless they are asked for', async () => {
    const pause = async () => {
      await library.db.transaction().execute(async (transaction) => {
        await transaction.selectFrom('books').select('id').limit(1).execute()
        await new Promise((resolve) => setTimeout(resolve, 20))
        await transaction.selectFrom('authors').select('id').limit(1).execute()
      })
    }
    const queries = await captureQueries(pause, { detect: { idleInTransaction: { durationMillis: 1 } } })
    expect(queries.findings.map(({ kind }) => kind)).toEqual(['idle_in_transaction'])
    assertNoFindings(queries)
    expect(() => assertNoFindings(queries, { only: ['idle_in_transaction'] })).toThrow('idle in transaction')
  })
})
