import {
  assertNoFindings,
  assertNotQueried,
  assertQueried,
  assertQueryCount,
  captureQueries,
  type CapturedQueries,
} from '@querylens/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeParameters } from '../../src/report/parameter-text.js'
import { errorOf, failureOf } from '../support/failure.ts'
import { openLibrary, type LibraryDatabase } from '../support/library.ts'

const MARKER = 'marker-4711'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

/** Sends the marker in every way in which a value can be sent. */
async function sendMarkers(): Promise<void> {
  const { db } = library
  for (const author of await db.selectFrom('authors').selectAll().execute()) {
    const books = db.selectFrom('books').selectAll().where('author_id', '=', author.id)
    await books.where('title', '=', MARKER).execute()
    await sql`select * from books where title = ${sql.lit(MARKER)} /* ${sql.raw(MARKER)} */`.execute(db)
  }
  await db.insertInto('authors').values({ name: MARKER }).execute()
  await sql`select ${MARKER}::int`.execute(db).catch(() => {})
  void sql`select pg_sleep(0.2), ${sql.lit(MARKER)}`.execute(db)
}

async function allFailures(queries: CapturedQueries): Promise<string> {
  const errors = [
    await errorOf(() => assertQueryCount(queries, 1)),
    await errorOf(() => assertQueryCount(queries, { table: 'books', max: 1 })),
    await errorOf(() => assertNoFindings(queries)),
    await errorOf(() => assertQueried(queries, 'reservations')),
    await errorOf(() => assertNotQueried(queries, 'books')),
    await errorOf(() => captureQueries(sendMarkers, { detect: { mode: 'throw' } })),
    await errorOf(() => captureQueries(sendMarkers, { max: 3 })),
  ] as { message: string; actual: unknown; expected: unknown }[]
  return errors.map(({ message, actual, expected }) => JSON.stringify([message, actual, expected])).join('\n')
}

describe('failure messages', () => {
  it('hold no value', async () => {
    const queries = await captureQueries(sendMarkers, { settleMillis: 0 })
    const failures = await allFailures(queries)
    expect(failures).toContain('Not awaited')
    expect(failures).not.toContain('marker')
    expect(failures).not.toContain('4711')
  })

  it('hold the parameters of a capture that keeps them', async () => {
    const queries = await captureQueries(sendMarkers, { parameters: true })
    const failure = await failureOf(() => assertQueryCount(queries, 1))
    expect(failure).toContain(`with [1, '${MARKER}'], [2, '${MARKER}'], [3, '${MARKER}'] and `)
  })
})

describe('describeParameters', () => {
  it.each([
    [[[1], [2], [2]], 'with [1], [2]'],
    [[[1], [2], [3], [4], [5]], 'with [1], [2], [3] and 2 more'],
    [[[new Date('2026-11-27T10:00:00Z')]], 'with [2026-11-27T10:00:00.000Z]'],
    [[[Buffer.from('0a0b0c', 'hex')]], 'with [3 bytes 0a0b0c]'],
    [[[new Uint8Array(100)]], 'with [100 bytes 0000000000000000…]'],
    [[[[1, 2, 3, 4, 5, 6, 7]]], 'with [[ 1, 2, 3, 4, 5, ... 2 more items ]]'],
    [[[null, undefined, true, 12n]], 'with [null, undefined, true, 12n]'],
    [[['line\nbreak']], "with ['line\\nbreak']"],
    [[['a'.repeat(100)]], `with ['${'a'.repeat(40)}'... 60 more characters]`],
    [[[{ a: { b: { c: { d: 1 } } } }]], 'with [{ a: { b: { c: [Object] } } }]'],
    [[[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]], 'with [1, 2, 3, 4, 5, 6, 7, 8, … 2 more]'],
  ])('of %o', (sets, expected) => {
    expect(describeParameters(sets)).toBe(expected)
  })
})
