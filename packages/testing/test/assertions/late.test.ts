import { setTimeout as delay } from 'node:timers/promises'

import {
  assertNoFindings,
  assertNoNPlusOne,
  assertNotQueried,
  assertQueried,
  assertQueryCount,
  assertScalesConstantly,
  assertWithinBudget,
  captureQueries,
  querySnapshotOf,
  type CapturedQueries,
} from '@querylens/testing'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

import '../../src/vitest/index.js'
import { failureOf } from '../support/failure.ts'
import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())
beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterEach(() => void vi.restoreAllMocks())

const listAuthors = () => library.db.selectFrom('authors').selectAll().execute()

/** A capture of one query; a loop goes on that the function did not await. */
async function captureAndLeave(): Promise<CapturedQueries> {
  let later: Promise<unknown> | undefined
  const queries = await captureQueries(async () => {
    await listAuthors()
    later = delay(20).then(() => listBooks(library.db))
  })
  await later
  expect([queries.count, queries.late.length]).toEqual([1, 5])
  return queries
}

describe('a capture whose function did not await all of its queries', () => {
  const assertions: readonly [string, (queries: CapturedQueries) => void][] = [
    ['assertQueryCount', (queries) => assertQueryCount(queries, 1)],
    ['a count of a table', (queries) => assertQueryCount(queries, { table: 'books', count: 0 })],
    ['assertNoFindings', (queries) => assertNoFindings(queries)],
    ['assertNoNPlusOne', (queries) => assertNoNPlusOne(queries)],
    ['assertQueried', (queries) => assertQueried(queries, 'authors')],
    ['assertNotQueried', (queries) => assertNotQueried(queries, 'books')],
    ['not.toHaveQueryCount', (queries) => expect(queries).not.toHaveQueryCount(7)],
    ['not.toQuery', (queries) => expect(queries).not.toQuery('books')],
    [
      'assertWithinBudget',
      (queries) => assertWithinBudget(queries, { test: 'late queries', file: 'none.json' }),
    ],
    ['querySnapshotOf', (queries) => querySnapshotOf(queries)],
    [
      'toMatchInlineQuerySnapshot',
      (queries) => expect(queries).toMatchInlineQuerySnapshot('1x select authors'),
    ],
  ]

  it.each(assertions)('fails %s', async (_, assert) => {
    const queries = await captureAndLeave()
    const failure = await failureOf(() => assert(queries))
    expect(failure).toMatch(/^Cannot tell .*, because the code did not await all of its queries/)
    expect(failure).toContain('support/library.ts')
  })

  it('names the queries that were not awaited', async () => {
    const queries = await captureAndLeave()
    expect(await failureOf(() => assertQueryCount(queries, { max: 2 }))).toMatchInlineSnapshot(`
      "Cannot tell whether the code sends at most 2 queries, because the code did not await all of its queries (… ms in the database):
        1x  select * from "authors"  assertions/late.test.ts:… ← assertions/late.test.ts:…
      Not awaited: 5 queries had not ended when the capture ended. Await them in the captured function:
        1x  select * from "authors"  support/library.ts:48 ← assertions/late.test.ts:…
        4x  select * from "books" where "author_id" = $1  support/library.ts:51 ← assertions/late.test.ts:…"
    `)
  })

  it('fails an expectation of none', async () => {
    let later: Promise<unknown> | undefined
    const queries = await captureQueries(() => void (later = delay(20).then(listAuthors)))
    await later
    expect(await failureOf(() => assertQueryCount(queries, 0))).toMatchInlineSnapshot(`
      "Cannot tell whether the code sends 0 queries, because the code did not await all of its queries (… ms in the database):
      Not awaited: one query had not ended when the capture ended. Await it in the captured function:
        1x  select * from "authors"  assertions/late.test.ts:… ← assertions/late.test.ts:…"
    `)
  })

  it('fails the short form, which does not wait longer than the capture', async () => {
    let running: Promise<unknown> | undefined
    const work = () => void (running = sql`select pg_sleep(0.2)`.execute(library.db))
    await assertQueryCount(work, 1)
    expect(await failureOf(() => expect(work).toExecuteQueries(1, { settleMillis: 20 }))).toMatch(
      'Cannot tell whether the code sends 1 query',
    )
    await running
  })

  it('fails assertScalesConstantly', async () => {
    let running: Promise<unknown> | undefined
    const work = () => void (running = sql`select pg_sleep(0.2)`.execute(library.db))
    const options = { populate: () => {}, capture: { settleMillis: 20 } }
    expect(await failureOf(() => assertScalesConstantly(work, options))).toMatch(
      'Cannot tell which statements run more often',
    )
    await running
  })
})
