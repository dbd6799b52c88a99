import { assertNoNPlusOne, captureQueries } from '@querylens/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { guardQueries } from '../../src/guard/guard-queries.ts'
import { guardState } from '../../src/guard/guard-state.ts'
import { GuardedTest } from '../../src/guard/guarded-test.ts'
import { openLibrary, type LibraryDatabase } from '../support/library.ts'
import '../../src/vitest/index.js'

let library: LibraryDatabase
beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())
beforeEach(() => guardQueries())
afterEach(() => void (guardState.options = undefined))

const findAuthor = async (id: number) =>
  library.db.selectFrom('authors').selectAll().where('id', '=', id).executeTakeFirst()

/** Both books have one author, as in most fixtures. */
const booksOfOneAuthor = () => library.db.selectFrom('books').selectAll().where('author_id', '=', 1).execute()

async function inALoop(): Promise<void> {
  for (const { author_id } of await booksOfOneAuthor()) await findAuthor(author_id)
}
async function allAtOnce(): Promise<void> {
  await Promise.all((await booksOfOneAuthor()).map(({ author_id }) => findAuthor(author_id)))
}
async function atTheStart(): Promise<void> {
  for (const id of [1, 1, 1]) await findAuthor(id)
}
async function fromTwoPlaces(): Promise<void> {
  await findAuthor(1)
  await booksOfOneAuthor()
  await findAuthor(1)
}
async function afterAPause(): Promise<void> {
  for (let times = 0; times < 3; times++) {
    await findAuthor(1)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}
async function afterAFailure(): Promise<void> {
  for (let times = 0; times < 3; times++) {
    await library.db
      .selectFrom('gone' as 'books')
      .selectAll()
      .execute()
      .catch(() => {})
  }
}

async function guardMessage(work: () => Promise<void>): Promise<string | undefined> {
  const test = new GuardedTest('a test')
  await test.run(work)
  return (await test.end())?.message
}

describe.each([
  ['for … of', inALoop],
  ['Promise.all', allAtOnce],
  ['a loop that nothing precedes', atTheStart],
])('a loop over rows with one parent, by %s', (_, work) => {
  it('is an N+1 for the assertions', async () => {
    const queries = await captureQueries(work)
    expect(() => assertNoNPlusOne(queries)).toThrow('duplicate query')
    expect(() => expect(queries).toHaveNoNPlusOne()).toThrow("kinds: ['duplicate_query'], reason: '…' }")
    expect(() => assertNoNPlusOne(queries, { allow: [{ table: 'authors', reason: 'few' }] })).not.toThrow()
  })

  it('is an N+1 for the guard', async () => {
    expect(await guardMessage(work)).toContain('The query guard expected no duplicate query in a loop')
    guardQueries({ kinds: ['n_plus_one_write'] })
    expect(await guardMessage(work)).toBeUndefined()
  })
})

describe.each([
  ['two calls of a helper', fromTwoPlaces],
  ['a poll', afterAPause],
  ['a retry', afterAFailure],
])('%s', (_, work) => {
  it('is no N+1', async () => {
    assertNoNPlusOne(await captureQueries(work))
    expect(await guardMessage(work)).toBeUndefined()
  })
})
