import { captureQueries, skipQueryGuard } from '@querylens/testing'
import '@querylens/testing/vitest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { countLoans, exportBooks, lendBook, listBooks } from '../../src/books.ts'
import { addBooks, openTestLibrary, type TestLibrary } from '../../src/test-database.ts'

let library: TestLibrary

beforeAll(async () => {
  library = await openTestLibrary()
})
afterAll(() => library.close())

describe('lendBook', () => {
  it('locks the book and adds a loan', async () => {
    const queries = await captureQueries(() => lendBook(library.db, 1, 'Ada'))
    expect(queries).toHaveQueryCount({ select: 1, insert: 1 })
    expect(queries).toHaveNoFindings()
    expect(queries).toQuery('loans')
    expect(queries).not.toQuery('authors')
    expect(queries).toMatchInlineQuerySnapshot(`
      1x insert loans
      1x select books where id = ? for update
    `)
  })

  it('stays within its budget', async () => {
    expect(await captureQueries(() => lendBook(library.db, 2, 'Ada'))).toStayWithinBudget()
  })
})

describe('listBooks', () => {
  it('sends the same queries for 2 and for 20 books', async () => {
    await expect((size: number) => listBooks(library.db, size)).toScaleConstantly({
      populate: (size) => addBooks(library.db, size),
      sizes: [2, 20],
    })
  })

  it('has the queries of its snapshot', async () => {
    expect(await captureQueries(() => listBooks(library.db, 3))).toMatchQuerySnapshot()
  })
})

describe('the short forms', () => {
  it('run a function and count', async () => {
    await expect(() => countLoans(library.db)).toExecuteQueries(1)
    await expect(() => lendBook(library.db, 3, 'Ada')).toExecuteAtMostQueries(2)
    await expect(() => Promise.resolve()).toExecuteNoQueries()
    await expect(() => listBooks(library.db, 3)).toHaveNoNPlusOne()
    await expect(() => lendBook(library.db, 4, 'Ada')).toHaveNoDuplicateQueries()
  })
})

describe('exportBooks, which has an N+1', () => {
  it('is accepted with a reason', async () => {
    skipQueryGuard('the export runs once a night')
    const queries = await captureQueries(() => exportBooks(library.db), {
      detect: {
        allow: [
          {
            callSite: 'src/books.ts#exportBooks',
            kinds: ['n_plus_one'],
            reason: 'the export runs once a night',
          },
        ],
      },
    })
    expect(queries).toHaveNoFindings()
  })

  it('fails in the mode throw at the second author', async () => {
    const captured = captureQueries(() => exportBooks(library.db), { detect: { mode: 'throw' } })
    await expect(captured).rejects.toThrow('one for each row of select authors')
  })
})
