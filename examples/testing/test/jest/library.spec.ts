import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { captureQueries } from '@querylens/testing'
import '@querylens/testing/jest'
import request from 'supertest'

import { createApp } from '../../src/app.ts'
import { countLoans, lendBook, listBooks } from '../../src/books.ts'
import { createFastify } from '../../src/other-servers.ts'
import { addBooks, openTestLibrary, type TestLibrary } from '../../src/test-database.ts'

let library: TestLibrary

beforeAll(async () => {
  library = await openTestLibrary()
})
afterAll(() => library.close())

describe('the library', () => {
  it('lists books over supertest with one query', async () => {
    const queries = await captureQueries(() => request(createApp(library.db)).get('/books').expect(200))
    expect(queries).toHaveQueryCount({ max: 1 })
    expect(queries).toHaveNoFindings()
    expect(queries).not.toQuery('loans')
    expect(queries).toMatchQuerySnapshot()
  })

  it('lists books over inject of Fastify with one query', async () => {
    const app = createFastify(library.db)
    expect(await captureQueries(() => app.inject('/books'))).toHaveQueryCount(1)
    await app.close()
  })

  it('lends a book within its budget', async () => {
    const queries = await captureQueries(() => lendBook(library.db, 1, 'Ada'))
    expect(queries).toStayWithinBudget()
    expect(queries).toMatchInlineQuerySnapshot(`
      1x insert loans
      1x select books where id = ? for update
    `)
  })

  it('sends the same queries for 2 and for 20 books', async () => {
    await expect((size: number) => listBooks(library.db, size)).toScaleConstantly({
      populate: (size) => addBooks(library.db, size),
    })
  })

  it('counts loans with one query', async () => {
    await expect(() => countLoans(library.db)).toExecuteQueries(1)
  })
})
