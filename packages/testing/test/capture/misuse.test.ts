import { captureQueries } from '@querylens/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

describe('captureQueries', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['nothing', () => undefined, /takes a function, such as \(\) => listBooks\(db\), but got undefined/],
    ['a promise', () => Promise.resolve(), /but got a promise\. Pass the function that makes it, \(\) => …/],
    [
      'a query',
      () => library.db.selectFrom('authors'),
      /Pass a function that executes it, \(\) => query\.execute\(\)/,
    ],
    [
      'a request',
      // oxlint-disable-next-line unicorn/no-thenable
      () => ({ then: () => {} }),
      /an object with the method then\. Pass the function that makes it/,
    ],
    ['a result', () => [1], /but got an array of 1/],
  ])('says what to write in place of %s', async (_name, work, message) => {
    await expect(captureQueries(work() as never)).rejects.toThrow(message)
    await expect(captureQueries(work() as never)).rejects.toMatchObject({
      code: 'QUERYLENS_INVALID_ARGUMENT',
    })
  })

  it.each<[string, () => unknown, RegExp]>([
    [
      'a query',
      () => library.db.selectFrom('authors').selectAll(),
      /was not executed.*\(\) => query\.execute\(\)/,
    ],
    ['raw SQL', () => sql`select 1`, /was not executed/],
    ['a generator', async function* () {}, /got a generator.*for await/],
    ['a stream', () => library.db.selectFrom('authors').selectAll().stream(), /got a generator.*for await/],
  ])('rejects a function that returns %s', async (_name, work, message) => {
    await expect(captureQueries(work)).rejects.toThrow(message)
  })

  it('leaves no capture open', async () => {
    await captureQueries(function* () {}).catch(() => {})
    await expect(captureQueries(() => {}, { process: true })).resolves.toMatchObject({ count: 0 })
  })
})
