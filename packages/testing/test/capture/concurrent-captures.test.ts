import { runInScope } from '@querylens/core'
import { captureQueries } from '@querylens/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { listBooks, openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())

const listAuthors = () => library.db.selectFrom('authors').selectAll().execute()
const repeat = async (times: number): Promise<void> => {
  for (let done = 0; done < times; done++) await listAuthors()
}

describe('captures at once', () => {
  it('have their own queries and findings', async () => {
    const [loop, one, none] = await Promise.all([
      captureQueries(() => listBooks(library.db)),
      captureQueries(listAuthors),
      captureQueries(() => 'nothing'),
    ])
    expect([loop.count, one.count, none.count]).toEqual([5, 1, 0])
    expect([loop.findings.length, one.findings.length, none.findings.length]).toEqual([1, 0, 0])
  })

  it('have their own options', async () => {
    const [throwing, limited, off, plain] = await Promise.allSettled([
      captureQueries(() => listBooks(library.db), { detect: { mode: 'throw' } }),
      captureQueries(() => listBooks(library.db), { max: 2 }),
      captureQueries(() => listBooks(library.db), { detect: false }),
      captureQueries(() => listBooks(library.db), { parameters: true }),
    ])
    expect([throwing.status, limited.status]).toEqual(['rejected', 'rejected'])
    expect(throwing).toMatchObject({
      reason: { message: expect.stringMatching(/^Refused a query, .*: 2x select books/) },
    })
    expect(limited).toMatchObject({ reason: { message: expect.stringMatching(/at most 2 queries/) } })
    expect(off).toMatchObject({ value: { count: 5, findings: [] } })
    expect(plain).toMatchObject({ value: { count: 5, findings: [{ kind: 'n_plus_one' }] } })
  })

  it.concurrent.each([1, 2, 3, 4])('run in concurrent tests: %i', async (times) => {
    const queries = await captureQueries(() => repeat(times))
    expect(queries.count).toBe(times)
  })
})

describe('a capture in a capture', () => {
  it('passes its queries and findings on to the outer one', async () => {
    const outer = await captureQueries(async () => {
      await listAuthors()
      const inner = await captureQueries(() => listBooks(library.db))
      await listAuthors()
      return inner
    })
    expect([outer.count, outer.result.count]).toEqual([7, 5])
    expect(outer.findings).toContain(outer.result.findings[0])
  })

  it('has its own max and mode, whose refusals do not fail the outer one', async () => {
    const outer = await captureQueries(async () => {
      const limited = captureQueries(() => repeat(3), { max: 1 })
      await expect(limited).rejects.toThrow('at most 1 query')
      const throwing = captureQueries(() => listBooks(library.db), { detect: { mode: 'throw' } })
      await expect(throwing).rejects.toThrow(/^Refused a query, .*: 2x select books/)
      return 'done'
    })
    expect(outer.result).toBe('done')
  })

  it('counts for the max of the outer one, which rejects although the inner one was caught', async () => {
    const work = async (): Promise<void> => {
      await listAuthors()
      await captureQueries(() => repeat(2)).catch(() => {})
    }
    await expect(captureQueries(work, { max: 2 })).rejects.toThrow('at most 2 queries')
  })

  it('inherits the mode of the outer one, which rejects although the inner one was caught', async () => {
    let isInnerRejected = false
    const work = async (): Promise<void> => {
      await captureQueries(() => listBooks(library.db)).catch(() => (isInnerRejected = true))
    }
    await expect(captureQueries(work, { detect: { mode: 'throw' } })).rejects.toThrow(
      /^Refused a query, .*: 2x select books/,
    )
    expect(isInnerRejected).toBe(true)
  })

  it('follows jobs that were started in it', async () => {
    const queries = await captureQueries(() => runInScope('job', () => listBooks(library.db)))
    expect(queries.queries.map(({ scopeName }) => scopeName)).toEqual(Array(5).fill('job'))
    expect(queries.findings).toHaveLength(1)
  })
})
