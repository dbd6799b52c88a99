import { captureQueries } from '@querylens/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

describe('the option parameters', () => {
  it('keeps the values as they were when the query was sent', async () => {
    const parameters: unknown[] = [1]
    const query = { ...sql`select ${1}::int`.compile(library.db), parameters }
    const queries = await captureQueries(() => library.db.executeQuery(query), { parameters: true })
    parameters[0] = 'changed later'
    expect(queries.queries[0]?.parameters).toEqual([1])
  })
})

describe('captureQueries', () => {
  it('counts the queries of a function, without anything else that listens', async () => {
    const queries = await captureQueries(() => listBooks(library.db))
    expect(queries.count).toBe(5)
    expect(queries.result).toHaveLength(8)
    expect(queries.findings.map(({ kind, count, closed }) => [kind, count, closed])).toEqual([
      ['n_plus_one', 4, true],
    ])
    expect(queries.queries[1]?.path[0]).toMatchObject({ function: 'listBooks' })
  })

  it('rejects with the refusal that the code under test has swallowed', async () => {
    const work = () => listBooks(library.db).catch(() => 'swallowed')
    const captured = captureQueries(work, { detect: { mode: 'throw' } })
    await expect(captured).rejects.toThrow(/2x select books, one for each row of select authors/)
  })

  it('refuses the queries beyond max', async () => {
    const captured = captureQueries(() => Promise.allSettled([listBooks(library.db)]), { max: 3 })
    await expect(captured).rejects.toThrow('allows at most 3 queries')
  })
})
