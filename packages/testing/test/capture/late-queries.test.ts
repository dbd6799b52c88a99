import { setTimeout as delay } from 'node:timers/promises'

import { captureQueries } from '@querylens/testing'
import { sql } from 'kysely'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
  type MockInstance,
} from 'vitest'

import { openLibrary, type LibraryDatabase } from '../support/library.ts'

let library: LibraryDatabase
let warn: MockInstance<typeof console.warn>

beforeAll(async () => {
  library = await openLibrary()
})
afterAll(() => library.close())
beforeEach(() => void (warn = vi.spyOn(console, 'warn').mockImplementation(() => {})))
afterEach(() => {
  vi.useRealTimers()
  warn.mockRestore()
})

const listAuthors = () => library.db.selectFrom('authors').selectAll().execute()
const sleep = (seconds: number) => sql`select pg_sleep(${seconds})`.execute(library.db)
const warnings = (): string => warn.mock.calls.map(([text]) => String(text)).join('\n')

describe('a query that the function does not await', () => {
  it('is waited for, and so is what follows it', async () => {
    const queries = await captureQueries(() => {
      void sleep(0.05).then(listAuthors).then(listAuthors)
    })
    expect(queries.queries.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'completed'])
    expect(queries.late).toEqual([])
    expect(warn).not.toHaveBeenCalled()
  })

  it('is waited for when the function has failed', async () => {
    let hasEnded = false
    const work = (): never => {
      void sleep(0.05).then(() => (hasEnded = true))
      throw new Error('own')
    }
    await expect(captureQueries(work)).rejects.toThrow('own')
    expect(hasEnded).toBe(true)
  })

  it('is late once settleMillis are over, with its line', async () => {
    let ended: Promise<unknown> | undefined
    const queries = await captureQueries(() => void (ended = sleep(0.3)), { settleMillis: 20 })
    expect(queries.count).toBe(1)
    expect(queries.late).toEqual([queries.queries[0]])
    expect(queries.late[0]).toMatchObject({ outcome: 'running', path: [{ function: 'sleep' }, {}] })
    expect(warnings()).toContain('waited 20 ms for what has not ended: a query or a transaction.')
    await ended
  })

  it('is late when it starts after the capture, with its line, and one warning', async () => {
    let later: Promise<unknown> | undefined
    const queries = await captureQueries(() => {
      later = delay(30).then(() => Promise.all([listAuthors(), listAuthors()]))
    })
    expect([queries.count, queries.late.length]).toEqual([0, 0])
    await later
    expect([queries.count, queries.late.length]).toEqual([0, 2])
    expect(queries.late[0]?.path[0]).toMatchObject({ function: 'listAuthors' })
    expect(warn).toHaveBeenCalledOnce()
    expect(warnings()).toMatch(
      /started after captureQueries\(\) had ended: select authors at .*late-queries\.test\.ts:\d+/,
    )
  })

  it.each([false, true])('is no query of a capture that begins afterwards, process: %s', async (process) => {
    const begun = Promise.withResolvers<void>()
    let later: Promise<unknown> | undefined
    const before = await captureQueries(() => void (later = begun.promise.then(listAuthors)), {
      process: true,
    })
    const after = await captureQueries(
      () => {
        begun.resolve()
        return later
      },
      { process },
    )
    expect([before.late.length, after.count]).toEqual([1, 0])
  })
})

describe('the end of a capture', () => {
  it('does not wait for a transaction that never ends longer than settleMillis', async () => {
    const transactions: { rollback(): { execute(): Promise<void> } }[] = []
    const work = async (): Promise<void> => {
      const transaction = await library.db.startTransaction().execute()
      transactions.push(transaction)
      await transaction.selectFrom('authors').selectAll().execute()
    }
    const queries = await captureQueries(work, { settleMillis: 20 })
    expect(queries.count).toBe(1)
    expect(warnings()).toContain('waited 20 ms for what has not ended: a query or a transaction.')
    await transactions[0]?.rollback().execute()
  })

  it.each(['before the capture', 'in the capture'])('comes with timers that are faked %s', async (when) => {
    if (when === 'before the capture') vi.useFakeTimers()
    const queries = await captureQueries(() => {
      vi.useFakeTimers()
      void listAuthors().then(listAuthors)
      setTimeout(() => void listAuthors(), 10)
      vi.advanceTimersByTime(10)
    })
    expect([queries.count, queries.late]).toEqual([3, []])
  })

  it('comes although a query never ends and timers are faked', async () => {
    vi.useFakeTimers()
    let ended: Promise<unknown> | undefined
    const queries = await captureQueries(() => void (ended = sleep(0.2)), { settleMillis: 20 })
    expect(queries.late).toHaveLength(1)
    await ended
  })

  it('comes at once for a function without queries', async () => {
    const settle = captureQueries(() => {}, { settleMillis: 1_000_000_000 })
    expect((await settle).count).toBe(0)
  })
})
