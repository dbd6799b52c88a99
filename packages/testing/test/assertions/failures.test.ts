import { runInScope } from '@querylens/core'
import {
  assertNoDuplicateQueries,
  assertNoFindings,
  assertNoNPlusOne,
  assertNotQueried,
  assertQueried,
  assertQueryCount,
  captureQueries,
} from '@querylens/testing'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import { addAuthor, authorPages, booksOf, countBooks, readInManyWays } from '../support/catalog.ts'
import { failureOf } from '../support/failure.ts'
import { openLibrary, type LibraryDatabase } from '../support/library.ts'

const SLEEP = sql`select pg_sleep(0.3)`

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary({}, 20)
})
afterAll(() => library.close())
afterEach(() => vi.unstubAllEnvs())

describe('assertQueryCount', () => {
  it('shows the worst statement first, with the line of the loop, the cure and the allowance', async () => {
    const queries = await captureQueries(() => runInScope('GET /authors', () => authorPages(library.db)))
    expect(await failureOf(() => assertQueryCount(queries, { max: 2 }))).toMatchInlineSnapshot(`
      "Expected at most 2 queries, got 21 (GET /authors, … ms in the database):
        20x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
             support/catalog.ts:22 ← support/catalog.ts:10   N+1, one for each row of select authors
         1x  select "id", "name" from "authors"
             support/catalog.ts:7 ← assertions/failures.test.ts:…
      Cure: load them all with one query before the loop: \`.where('books.author_id', '=', (eb) => eb.fn.any(eb.val(ids)))\` (ids: the id of each row of select authors), and keep its ORDER BY
        or extend the source query: \`.select((eb) => jsonArrayFrom(eb.selectFrom('books')….whereRef('books.author_id', '=', 'authors.id')).as('books'))\` from kysely/helpers/postgres in the same order
      Meant to be so? { callSite: 'support/catalog.ts#authorPages', kinds: ['n_plus_one'], reason: '…' }
      An allowance, in detect.allow of querylens(), accepts the finding, not the number."
    `)
  })

  it('shows no cure where there are too few', async () => {
    const queries = await captureQueries(() => authorPages(library.db))
    const failure = await failureOf(() => assertQueryCount(queries, { min: 99 }))
    expect(failure).toMatch(/^Expected at least 99 queries, got \d+/)
    expect(failure).not.toContain('Cure')
    expect(failure).not.toContain('Meant to be so?')
  })

  it('names the kinds', async () => {
    const queries = await captureQueries(() => addAuthor(library.db, 'Ann'))
    expect(await failureOf(() => assertQueryCount(queries, { select: 1, insert: { min: 0, max: 2 } })))
      .toMatchInlineSnapshot(`
      "Expected 1 select query and at most 2 insert queries, got 2 select queries and 1 insert query (… ms in the database):
        2x  select * from "authors" where "name" = $1
            support/catalog.ts:41 ← support/catalog.ts:34 and 1 other place
        1x  insert into "authors" ("name") values ($1)
            support/catalog.ts:35 ← assertions/failures.test.ts:…"
    `)
  })

  it('says that a text of several statements has a kind of its own', async () => {
    const queries = await captureQueries(() => sql`select 1; select 2`.execute(library.db))
    expect(await failureOf(() => assertQueryCount(queries, { select: 2 }))).toMatchInlineSnapshot(`
      "Expected 2 select queries, got 0 select queries (… ms in the database):
        1x  select ?; select ?  assertions/failures.test.ts:…
      One query has several statements in one text. Such a query has the kind 'several', and counts for no other kind."
    `)
  })

  it('shows the statements of the table alone', async () => {
    const queries = await captureQueries(async () => {
      await addAuthor(library.db, 'Bea')
      for (const id of [1, 2, 3]) await booksOf(library.db, id)
    })
    expect(await failureOf(() => assertQueryCount(queries, { table: 'public.books', count: 2 })))
      .toMatchInlineSnapshot(`
      "Expected 2 queries with the table public.books, got none (… ms in the database):
        3x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
            support/catalog.ts:22 ← assertions/failures.test.ts:…
        2x  select * from "authors" where "name" = $1
            support/catalog.ts:41 ← support/catalog.ts:34 and 1 other place
        1x  insert into "authors" ("name") values ($1)
            support/catalog.ts:35 ← assertions/failures.test.ts:…"
    `)
    expect(await failureOf(() => assertQueryCount(queries, { table: 'BOOKS', count: 2 })))
      .toMatchInlineSnapshot(`
        "Expected 2 queries with the table BOOKS, got 3 (… ms in the database):
          3x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
              support/catalog.ts:22 ← assertions/failures.test.ts:…
          … and 3 other queries"
      `)
  })

  it('groups by scope, and leaves out what is least', async () => {
    const queries = await captureQueries(
      async () => {
        await runInScope('GET /authors', () => authorPages(library.db))
        await runInScope('GET /count', () => countBooks(library.db))
        await readInManyWays(library.db, 12)
      },
      { name: 'two requests' },
    )
    const failure = await failureOf(() => assertQueryCount(queries, 3))
    // Statements that are as frequent are in the order of their times.
    expect(failure.replaceAll(/title\d+/g, 'title…')).toMatchInlineSnapshot(`
      "Expected 3 queries, got 40 (GET /authors, GET /count and two requests, … ms in the database):
       GET /authors:
        22x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
             support/catalog.ts:22 ← support/catalog.ts:10   N+1, one for each row of select authors
         1x  select "id", "name" from "authors"
             support/catalog.ts:7 ← assertions/failures.test.ts:…
       GET /count:
         5x  select count(*) as "count" from "books"
             support/catalog.ts:28 ← assertions/failures.test.ts:… ← assertions/failures.test.ts:…   duplicate query, with the same parameters
       two requests:
         1x  select "title" as "title…" from "books" limit $1
             support/catalog.ts:51 ← assertions/failures.test.ts:…
         1x  select "title" as "title…" from "books" limit $1
             support/catalog.ts:51 ← assertions/failures.test.ts:…
         1x  select "title" as "title…" from "books" limit $1
             support/catalog.ts:51 ← assertions/failures.test.ts:…
         1x  select "title" as "title…" from "books" limit $1
             support/catalog.ts:51 ← assertions/failures.test.ts:…
         1x  select "title" as "title…" from "books" limit $1
             support/catalog.ts:51 ← assertions/failures.test.ts:…
         1x  select "title" as "title…" from "books" limit $1
             support/catalog.ts:51 ← assertions/failures.test.ts:…
         1x  select "title" as "title…" from "books" limit $1
             support/catalog.ts:51 ← assertions/failures.test.ts:…
        … and 5 more statements (once each). QUERYLENS_REPORT=full shows all.
      Cure of N+1, select books authors: load them all with one query before the loop: \`.where('books.author_id', '=', (eb) => eb.fn.any(eb.val(ids)))\` (ids: the id of each row of select authors), and keep its ORDER BY
        or extend the source query: \`.select((eb) => jsonArrayFrom(eb.selectFrom('books')….whereRef('books.author_id', '=', 'authors.id')).as('books'))\` from kysely/helpers/postgres in the same order
      Meant to be so? { callSite: 'support/catalog.ts#authorPages', kinds: ['n_plus_one'], reason: '…' }
      Cure of duplicate query, select books: load the result once in this scope and pass it on, or keep it in a loader or cache for the scope: this saves 4 of 5 calls
      Meant to be so? { callSite: 'support/catalog.ts#countBooks', kinds: ['duplicate_query'], reason: '…' }
      An allowance, in detect.allow of querylens(), accepts the finding, not the number."
    `)
  })
})

describe('assertNoFindings', () => {
  it('lists the statements with findings first', async () => {
    const queries = await captureQueries(() => authorPages(library.db), { name: 'pages' })
    expect(await failureOf(() => assertNoFindings(queries))).toMatchInlineSnapshot(`
      "Expected no findings, got 1 (pages, … ms in the database):
        22x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
             support/catalog.ts:22 ← support/catalog.ts:10   N+1, one for each row of select authors
         1x  select "id", "name" from "authors"
             support/catalog.ts:7 ← assertions/failures.test.ts:…
      Cure: load them all with one query before the loop: \`.where('books.author_id', '=', (eb) => eb.fn.any(eb.val(ids)))\` (ids: the id of each row of select authors), and keep its ORDER BY
        or extend the source query: \`.select((eb) => jsonArrayFrom(eb.selectFrom('books')….whereRef('books.author_id', '=', 'authors.id')).as('books'))\` from kysely/helpers/postgres in the same order
      Meant to be so? { callSite: 'support/catalog.ts#authorPages', kinds: ['n_plus_one'], reason: '…' }
      Allowances go into { allow: […] } of this assertion, or into detect.allow of querylens() for all code."
    `)
    expect(await failureOf(() => assertNoNPlusOne(queries))).toMatchInlineSnapshot(`
      "Expected no findings (N+1, N+1 of writes, duplicate query in a loop), got 1 (pages, … ms in the database):
        22x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
             support/catalog.ts:22 ← support/catalog.ts:10   N+1, one for each row of select authors
         1x  select "id", "name" from "authors"
             support/catalog.ts:7 ← assertions/failures.test.ts:…
      Cure: load them all with one query before the loop: \`.where('books.author_id', '=', (eb) => eb.fn.any(eb.val(ids)))\` (ids: the id of each row of select authors), and keep its ORDER BY
        or extend the source query: \`.select((eb) => jsonArrayFrom(eb.selectFrom('books')….whereRef('books.author_id', '=', 'authors.id')).as('books'))\` from kysely/helpers/postgres in the same order
      Meant to be so? { callSite: 'support/catalog.ts#authorPages', kinds: ['n_plus_one'], reason: '…' }
      Allowances go into { allow: […] } of this assertion, or into detect.allow of querylens() for all code."
    `)
  })

  it('says which allowance accepts none of the findings', async () => {
    const queries = await captureQueries(() => authorPages(library.db))
    const allow = [{ scope: 'GET /authors', reason: 'few authors' }]
    expect(await failureOf(() => assertNoFindings(queries, { allow }))).toContain(
      '\nThe allowance {"scope":"GET /authors"} accepts none of them.\n',
    )
    const both = [...allow, { table: 'books', reason: 'few books' }]
    expect(() => assertNoFindings(queries, { allow: both })).not.toThrow()
  })

  it('shows duplicates', async () => {
    const queries = await captureQueries(() => countBooks(library.db))
    expect(await failureOf(() => assertNoDuplicateQueries(queries))).toMatchInlineSnapshot(`
      "Expected no findings (duplicate query), got 1 (… ms in the database):
        5x  select count(*) as "count" from "books"
            support/catalog.ts:28 ← assertions/failures.test.ts:…   duplicate query, with the same parameters
      Cure: load the result once in this scope and pass it on, or keep it in a loader or cache for the scope: this saves 4 of 5 calls
      Meant to be so? { callSite: 'support/catalog.ts#countBooks', kinds: ['duplicate_query'], reason: '…' }
      Allowances go into { allow: […] } of this assertion, or into detect.allow of querylens() for all code."
    `)
  })
})

describe('assertQueried', () => {
  it('shows what was queried instead', async () => {
    const queries = await captureQueries(() => countBooks(library.db))
    expect(await failureOf(() => assertQueried(queries, 'authors'))).toMatchInlineSnapshot(`
      "Expected a query with the table authors, got none (… ms in the database):
        5x  select count(*) as "count" from "books"  support/catalog.ts:28 ← assertions/failures.test.ts:…"
    `)
    expect(await failureOf(() => assertQueried(queries, /for update/))).toMatchInlineSnapshot(`
      "Expected a query that matches /for update/, got none (… ms in the database):
        5x  select count(*) as "count" from "books"  support/catalog.ts:28 ← assertions/failures.test.ts:…"
    `)
  })
})

describe('assertNotQueried', () => {
  it('cannot tell what a statement has behind the end of its text', async () => {
    const columns = Array.from({ length: 900 }, (_, column) => `title as column${column}`).join(', ')
    const long = await captureQueries(() =>
      sql.raw(`select ${columns} from books for update`).execute(library.db),
    )
    expect(await failureOf(() => assertNotQueried(long, /for update/))).toMatch(
      /^Cannot tell whether there is a query that matches \/for update\/, because Querylens has not read 1 query to the end/,
    )
    expect(await failureOf(() => assertQueried(long, /for update/))).toMatch(/^Cannot tell/)
    assertNotQueried(long, 'authors')
    assertQueried(long, /column0/)
    assertQueried(long, 'books')

    const spaces = ' '.repeat(1_000_000)
    const longer = await captureQueries(() => sql.raw(`select 1 ${spaces} from books`).execute(library.db))
    expect(await failureOf(() => assertNotQueried(longer, 'books'))).toMatch(/^Cannot tell/)
  })

  it('shows the queries that match', async () => {
    const queries = await captureQueries(() => addAuthor(library.db, 'Cay'))
    expect(await failureOf(() => assertNotQueried(queries, /^insert/i))).toMatchInlineSnapshot(`
      "Expected no query that matches /^insert/i, got 1 (… ms in the database):
        1x  insert into "authors" ("name") values ($1)  support/catalog.ts:35 ← assertions/failures.test.ts:…
        … and 2 other queries"
    `)
  })
})

describe('captureQueries', () => {
  it('shows the refused query, and the error of the function', async () => {
    const work = async () => {
      await authorPages(library.db).catch(() => {})
      throw new Error('expected 200, got 500')
    }
    expect(await failureOf(() => captureQueries(work, { detect: { mode: 'throw' } }))).toMatchInlineSnapshot(`
      "Refused a query, because detect.mode is 'throw': 2x select books authors, one for each row of select authors (… ms in the database):
        2x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
            support/catalog.ts:22 ← support/catalog.ts:10   N+1, one for each row of select authors; 1 refused
        1x  select "id", "name" from "authors"
            support/catalog.ts:7 ← assertions/failures.test.ts:…
      Cure: load them all with one query before the loop: \`.where('books.author_id', '=', (eb) => eb.fn.any(eb.val(ids)))\` (ids: the id of each row of select authors), and keep its ORDER BY
        or extend the source query: \`.select((eb) => jsonArrayFrom(eb.selectFrom('books')….whereRef('books.author_id', '=', 'authors.id')).as('books'))\` from kysely/helpers/postgres in the same order
      Meant to be so? { callSite: 'support/catalog.ts#authorPages', kinds: ['n_plus_one'], reason: '…' }
      Allowances go into detect.allow of querylens().
      The function failed as well: Error: expected 200, got 500"
    `)
  })

  it('shows the queries up to the limit', async () => {
    const work = () => authorPages(library.db)
    expect(await failureOf(() => captureQueries(work, { max: 1 }))).toMatchInlineSnapshot(`
      "captureQueries() allows at most 1 query (option max), and refused the next one: select books authors (… ms in the database):
        1x  select "id", "name" from "authors"
            support/catalog.ts:7 ← assertions/failures.test.ts:…
        1x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
            support/catalog.ts:22 ← support/catalog.ts:10   1 refused"
    `)
  })
})

describe('a failure', () => {
  it('has the names of scopes and captures in one line', async () => {
    const work = async () => {
      await runInScope('GET\n/authors', () => booksOf(library.db, 1))
      await booksOf(library.db, 1)
    }
    const queries = await captureQueries(work, { name: ' lists\n  authors ' })
    const lines = (await failureOf(() => assertQueryCount(queries, 1))).split('\n')
    expect(lines[0]).toBe('Expected 1 query, got 2 (GET /authors and lists authors, … ms in the database):')
    expect(lines).toContain(' GET /authors:')
    expect(lines).toContain(' lists authors:')
  })

  it('names queries that were not awaited', async () => {
    const queries = await captureQueries(
      async () => {
        for (const id of [1, 2]) await booksOf(library.db, id)
        void library.db.executeQuery(SLEEP.compile(library.db))
        await new Promise((resolve) => setTimeout(resolve, 20))
      },
      { settleMillis: 0 },
    )
    expect(await failureOf(() => assertQueryCount(queries, 1))).toMatchInlineSnapshot(`
      "Cannot tell whether the code sends 1 query, because the code did not await all of its queries (… ms in the database):
        2x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
            support/catalog.ts:22 ← assertions/failures.test.ts:…
        1x  select pg_sleep(?)
            1 not awaited
      Not awaited: one query had not ended when the capture ended. Await it in the captured function:
        1x  select pg_sleep(?)"
    `)
  })

  it('shows parameters that the capture was told to keep', async () => {
    const queries = await captureQueries(() => authorPages(library.db), { parameters: true })
    expect(await failureOf(() => assertQueryCount(queries, 1))).toMatchInlineSnapshot(`
      "Expected 1 query, got 24 (… ms in the database):
        23x  select "books"."id", … from "books" inner join "authors" on "authors"."id" = "books"."author_id" where "books"."author_id" = $1 order by …
             support/catalog.ts:22 ← support/catalog.ts:10   N+1, one for each row of select authors
             with [1], [2], [3] and 20 more
         1x  select "id", "name" from "authors"
             support/catalog.ts:7 ← assertions/failures.test.ts:…
      Cure: load them all with one query before the loop: \`.where('books.author_id', '=', (eb) => eb.fn.any(eb.val(ids)))\` (ids: the id of each row of select authors), and keep its ORDER BY
        or extend the source query: \`.select((eb) => jsonArrayFrom(eb.selectFrom('books')….whereRef('books.author_id', '=', 'authors.id')).as('books'))\` from kysely/helpers/postgres in the same order
      Meant to be so? { callSite: 'support/catalog.ts#authorPages', kinds: ['n_plus_one'], reason: '…' }
      An allowance, in detect.allow of querylens(), accepts the finding, not the number."
    `)
  })

  it('has the line of the loop, the cure and the allowance in its first 15 lines for five statements', async () => {
    const queries = await captureQueries(async () => {
      await addAuthor(library.db, 'Dan')
      await countBooks(library.db)
      await authorPages(library.db)
    })
    expect(new Set(queries.queries.map(({ fingerprint }) => fingerprint)).size).toBe(5)
    const lines = (await failureOf(() => assertQueryCount(queries, 1))).split('\n')
    expect(lines.slice(0, 15)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('support/catalog.ts:10   N+1, one for each row of select authors'),
        expect.stringMatching(/^Cure of N\+1, select books authors: /),
        expect.stringMatching(/^Meant to be so\? \{ callSite: 'support\/catalog\.ts#authorPages'/),
      ]),
    )
  })

  it('is whole with QUERYLENS_REPORT=full', async () => {
    vi.stubEnv('QUERYLENS_REPORT', 'full')
    const queries = await captureQueries(async () => {
      await authorPages(library.db)
      await readInManyWays(library.db, 12)
    })
    const failure = await failureOf(() => assertQueryCount(queries, 1))
    for (let way = 0; way < 12; way++)
      expect(failure).toContain(`select "title" as "title${way}" from "books" limit $1`)
    expect(failure).toContain(
      '"books"."title", "books"."author_id", "authors"."name" from "books" inner join',
    )
    expect(failure).not.toContain('more statements')
  })
})
