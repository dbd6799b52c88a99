import { channels, runInScope } from '@querylens/core'
import {
  assertNoFindings,
  assertNoNPlusOne,
  assertNotQueried,
  assertQueried,
  assertQueryCount,
  captureQueries,
} from '@querylens/testing'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { errorOf, failureOf } from '../support/failure.ts'
import { listBooks, openLibrary, type Library, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary({ connection: { database: 'library', host: 'db', port: 5432 } })
})
afterAll(() => library.close())

const noWork = () => captureQueries(() => {})

describe('a capture without a query', () => {
  it.each([
    ['a number', { max: 2 }],
    ['a least number', { min: 1 }],
    ['a number of a kind', { insert: 0 }],
    ['none of a table', { table: 'books', count: 0 }],
    ['at most so many of a table', { table: 'books', max: 0 }],
  ])('fails assertQueryCount with %s', async (_, expected) => {
    const queries = await noWork()
    expect(await failureOf(() => assertQueryCount(queries, expected))).toMatch(/^Expected .*, got none\./)
  })

  it.each([[0], [{ max: 0 }], [{ count: 0 }], [{ min: 0 }], [{ min: 0, max: 2 }], [{ min: 0, insert: 0 }]])(
    'passes assertQueryCount with %o, which asks for it',
    async (expected) => {
      assertQueryCount(await noWork(), expected)
    },
  )

  it.each([
    ['assertNoFindings', assertNoFindings],
    ['assertNoNPlusOne', assertNoNPlusOne],
    ['assertQueried', (queries: never) => assertQueried(queries, 'books')],
    ['assertNotQueried', (queries: never) => assertNotQueried(queries, 'books')],
  ])('fails %s', async (_, assert: (queries: never) => void) => {
    const queries = await noWork()
    expect(await failureOf(() => assert(queries as never))).toMatch(
      /^Expected queries to look for .* in, got none\./,
    )
  })

  it('fails a count of a table or a kind that does not occur', async () => {
    const queries = await captureQueries(() => library.db.selectFrom('books').selectAll().execute())
    expect(await failureOf(() => assertQueryCount(queries, { table: 'boks', max: 2 }))).toMatch('got none')
    expect(await failureOf(() => assertQueryCount(queries, { insert: { max: 2 } }))).toMatch(
      'got 0 insert queries',
    )
    assertQueryCount(queries, { insert: 0 })
    assertQueryCount(queries, { insert: { min: 0, max: 2 } })
    assertQueryCount(queries, { table: 'boks', count: 0 })
  })

  it('says that it needs a query, and not what holds', async () => {
    const none = await noWork()
    expect(await failureOf(() => assertQueryCount(none, { insert: 0 }))).toMatch(
      /^Expected at least one query, and 0 insert queries, got none\./,
    )
    expect(await failureOf(() => assertQueryCount(none, { table: 'books', count: 0 }))).toMatch(
      /^Expected at least one query, and 0 queries with the table books, got none\./,
    )
    expect(await failureOf(() => assertQueryCount(none, { select: { min: 0, max: 2 } }))).toMatch(
      /^Expected at least one query, and at most 2 select queries, got none\./,
    )
    const queries = await captureQueries(() => library.db.selectFrom('books').selectAll().execute())
    expect(await failureOf(() => assertQueryCount(queries, { table: 'authors', max: 2 }))).toMatch(
      /^Expected 1 to 2 queries with the table authors, got none/,
    )
  })

  it('names the instrumented databases', async () => {
    await library.db.selectFrom('books').selectAll().execute()
    const queries = await noWork()
    const failure = await failureOf(() => assertQueryCount(queries, { max: 2 }))
    expect(failure.replace(/\d+ quer\w+ so far/, '… queries so far')).toMatchInlineSnapshot(`
      "Expected 1 to 2 queries, got none.
      Instrumented databases of this process:
        postgresql library (db:5432): … queries so far, none meanwhile
      The code sent nothing to them: it may use a Kysely instance that querylens() has not instrumented, or another process, or have its result from a cache or a mock.
      If the code is meant to send none, expect 0; { min: 0, max: 2 } accepts none as well."
    `)
  })

  it('says where queries were sent meanwhile', async () => {
    let done: Promise<unknown> | undefined
    let begin = () => {}
    const started = new Promise<void>((resolve) => (begin = resolve))
    await runInScope('queue', async () => {
      done = started.then(() => library.db.selectFrom('books').selectAll().execute())
    })
    const queries = await captureQueries(async () => {
      begin()
      await done
    })
    expect(await failureOf(() => assertNoFindings(queries))).toMatchInlineSnapshot(`
      "Expected queries to look for findings in, got none.
      Instrumented databases of this process:
        postgresql library (db:5432): 1 query outside the capture, the first in the scope queue (later): select books
      The capture does not follow those queries. Await the work in the captured function; for work that a queue or a worker of this process does, use captureQueries(work, { process: true }).
      If the code is meant to send none, assert that instead: expect 0 queries."
    `)
  })

  it('lists queries that started after it', async () => {
    let query: Promise<unknown> | undefined
    const queries = await captureQueries(() => {
      setTimeout(() => (query = library.db.selectFrom('books').selectAll().execute()), 5)
    })
    await new Promise<void>((resolve) => {
      const onQuery = {
        asyncEnd: () => {
          channels.query.unsubscribe(onQuery)
          resolve()
        },
      }
      channels.query.subscribe(onQuery)
    })
    await query
    const failure = await failureOf(() => assertNotQueried(queries, 'reservations'))
    expect(failure.replace(/\d+ quer\w+ so far/, '… queries so far')).toMatchInlineSnapshot(`
      "Expected queries to look for one with the table reservations in, got none.
      Not awaited: one query had not ended when the capture ended. Await it in the captured function:
        1x  select * from "books"  assertions/no-queries.test.ts:…
      Instrumented databases of this process:
        postgresql library (db:5432): … queries so far, none meanwhile
      If the code is meant to send none, assert that instead: expect 0 queries."
    `)
  })
})

describe('a capture of databases that are not checked for all kinds', () => {
  const loop = () => listBooks(library.db)
  const cannotTell = (asserted: string) =>
    expect.objectContaining({
      code: 'QUERYLENS_INVALID_ARGUMENT',
      message: expect.stringContaining(
        `${asserted}() cannot tell whether the queries are fine: Querylens has not `,
      ),
    })

  it.each([[{ nPlusOne: false }], [{ nPlusOneWrite: false }], [false]])(
    'cannot pass assertNoNPlusOne with detect: %o',
    async (detect) => {
      const queries = await captureQueries(loop, { detect })
      expect(await errorOf(() => assertNoNPlusOne(queries))).toEqual(cannotTell('assertNoNPlusOne'))
    },
  )

  it('cannot pass assertNoFindings where the loop is in a scope that switches it off', async () => {
    const queries = await captureQueries(() => runInScope('inner', loop, { detect: { nPlusOne: false } }))
    expect(queries.undetected).toEqual([{ database: expect.anything(), kinds: ['n_plus_one'] }])
    expect(await failureOf(() => assertNoFindings(queries))).toMatchInlineSnapshot(
      `"assertNoFindings() cannot tell whether the queries are fine: Querylens has not looked for N+1 in those to postgresql library (db:5432), because of detect: { nPlusOne: false }. Capture with captureQueries(work, { detect: { nPlusOne: true } }), or ask for other kinds with assertNoFindings and its option only."`,
    )
    expect(await errorOf(() => assertNoFindings(queries, { only: ['n_plus_one'] }))).toEqual(
      cannotTell('assertNoFindings'),
    )
    assertNoFindings(queries, { only: ['large_result'] })
    assertNoFindings(queries, { except: ['n_plus_one'] })
  })

  it('passes where another kind is off', async () => {
    const queries = await captureQueries(() => library.db.selectFrom('books').selectAll().execute(), {
      detect: { largeResult: false },
    })
    assertNoFindings(queries)
    assertNoNPlusOne(queries)
    expect(await errorOf(() => assertNoFindings(queries, { only: ['large_result'] }))).toEqual(
      cannotTell('assertNoFindings'),
    )
  })

  it('cannot pass assertNoFindings', async () => {
    const unchecked = await openLibrary({ detect: false })
    const queries = await captureQueries(() => unchecked.db.selectFrom('books').selectAll().execute())
    expect(await errorOf(() => assertNoFindings(queries))).toMatchObject({
      code: 'QUERYLENS_INVALID_ARGUMENT',
      message: expect.stringMatching(
        /^assertNoFindings\(\) cannot tell whether the queries are fine: .* detect: false/,
      ),
    })
    assertQueryCount(queries, 1)
    await unchecked.close()
  })
})

describe('a capture whose connections fail', () => {
  it('names them, without the message of the error', async () => {
    // Nothing listens on the first port.
    const dialect = new PostgresDialect({
      pool: new pg.Pool({ host: '127.0.0.1', port: 1, password: 'secret' }),
    })
    const db = new Kysely<Library>(
      querylens({ dialect }, { connection: { database: 'down', host: '127.0.0.1', port: 1 } }),
    )
    const queries = await captureQueries(async () => {
      for (let times = 0; times < 2; times++)
        await db
          .selectFrom('books')
          .selectAll()
          .execute()
          .catch(() => {})
    })
    await db.destroy()
    const failure = await failureOf(() => assertQueryCount(queries, 1))
    expect(failure).toContain(
      '\n2 connections to postgresql down (127.0.0.1:1) failed: ECONNREFUSED. The code under test may have swallowed the error.\n',
    )
    expect(failure).not.toContain('has not instrumented')
    expect((await noWork()).failedConnections).toEqual([])
  })
})
