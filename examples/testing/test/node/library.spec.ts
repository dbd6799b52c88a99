import { after, before, describe, test } from 'node:test'

import { assertQueryCount, captureQueries } from '@querylens/testing'
import '@querylens/testing/node'

import { countLoans, lendBook, listBooks } from '../../src/books.ts'
import { createHono } from '../../src/other-servers.ts'
import { addBooks, openTestLibrary, type TestLibrary } from '../../src/test-database.ts'

describe('the library', () => {
  let library: TestLibrary
  before(async () => {
    library = await openTestLibrary()
  })
  after(() => library.close())

  test('lists books over request of Hono with one query', async (t) => {
    const queries = await captureQueries(() => createHono(library.db).request('/books'))
    t.assert.queryCount(queries, { max: 1 })
    t.assert.noFindings(queries)
    t.assert.notQueried(queries, 'loans')
    t.assert.querySnapshot(queries)
  })

  test('lends a book within its budget', async (t) => {
    const queries = await captureQueries(() => lendBook(library.db, 1, 'Ada'))
    t.assert.withinBudget(queries)
    t.assert.queried(queries, 'loans')
  })

  test('sends the same queries for 2 and for 20 books', async (t) => {
    await t.assert.scalesConstantly((size) => listBooks(library.db, size), {
      populate: (size) => addBooks(library.db, size),
    })
  })

  // For assertion libraries other than t.assert
  test('counts loans with one query', async () => {
    await assertQueryCount(() => countLoans(library.db), 1)
  })
})
