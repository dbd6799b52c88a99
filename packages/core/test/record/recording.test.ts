import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { activateIn } from '../../src/messages/activate.js'
import { channels } from '../../src/messages/channels.js'
import { faultCount } from '../../src/messages/faults.js'
import { recordAcquisition, recordRelease } from '../../src/record/connection.js'
import { recordQuery } from '../../src/record/record-query.js'
import type { QueryExecution } from '../../src/messages/query-execution.js'
import { createSession, type Session } from '../../src/record/session.js'
import { recordBegin, recordCommand } from '../../src/record/transaction.js'
import type { TransactionExecution } from '../../src/messages/transaction-execution.js'
import { runInScope } from '../../src/scope/run-in-scope.js'
import { currentScope } from '../../src/scope/scope.js'

const database = {
  system: 'postgresql',
  namespace: undefined,
  serverAddress: undefined,
  serverPort: undefined,
  poolName: 'test',
}
const respond = async () => ({ rows: [{ id: 1 }] })

let session: Session
const events: string[] = []
const transactions: TransactionExecution[] = []
let onStart: (execution: QueryExecution) => void
const handlers = {
  start: (execution: QueryExecution) => {
    events.push('start')
    onStart(execution)
  },
  end: () => void events.push('end'),
  error: () => void events.push('error'),
  asyncStart: () => void events.push('asyncStart'),
  asyncEnd: () => void events.push('asyncEnd'),
}
const transactionHandlers = {
  asyncEnd: (transaction: TransactionExecution) => void transactions.push(transaction),
}

beforeEach(() => {
  session = createSession({ database })
  events.length = transactions.length = 0
  onStart = () => {}
  channels.query.subscribe(handlers)
  channels.transaction.subscribe(transactionHandlers)
})
afterEach(() => {
  channels.query.unsubscribe(handlers)
  channels.transaction.unsubscribe(transactionHandlers)
})

describe('recordQuery', () => {
  it('publishes the events of a tracing channel in order', async () => {
    await recordQuery(session, { sql: 'select a' }, respond, undefined)
    expect(events.splice(0)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd'])
    const failure = new Error('no')
    await expect(
      recordQuery(session, { sql: 'select a' }, () => Promise.reject(failure), undefined),
    ).rejects.toBe(failure)
    expect(events).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd'])
  })

  it.each([
    [
      'throws before the query',
      () => {
        throw new Error('no context')
      },
    ],
    [
      'throws after the query',
      (operation: () => unknown) => {
        operation()
        throw new Error('no context')
      },
    ],
    ['runs the query twice', (operation: () => unknown) => [operation(), operation()]],
    ['never runs the query', () => undefined],
  ] as const)('runs the query exactly once if activate %s', async (_what, activate) => {
    let runs = 0
    onStart = (execution) => activateIn(execution, activate as never)
    const result = await recordQuery(
      session,
      { sql: 'select a' },
      async () => ({ rows: [{ run: ++runs }] }),
      undefined,
    )
    expect(runs).toBe(1)
    expect(result).toEqual({ rows: [{ run: 1 }] })
  })

  it('leaves Error.stackTraceLimit unchanged during the driver call and after it', async () => {
    const before = Error.stackTraceLimit
    onStart = (execution) => activateIn(execution, (operation) => operation())
    let inside = 0
    await recordQuery(
      session,
      { sql: 'select a' },
      async () => {
        inside = Error.stackTraceLimit
        return { rows: [] }
      },
      undefined,
    )
    expect(inside).toBe(before)
    expect(Error.stackTraceLimit).toBe(before)
  })

  it('adds the query and its duration to the scope', async () => {
    await runInScope('job', async () => {
      for (let count = 0; count < 3; count++) {
        await recordQuery(
          session,
          { sql: 'select a' },
          () => new Promise<{ rows: [] }>((resolve) => setTimeout(resolve, 5, { rows: [] })),
          undefined,
        )
      }
      const scope = currentScope()
      expect(scope).toMatchObject({ queryCount: 3, failedQueryCount: 0 })
      expect(scope?.queryDurationMillis).toBeGreaterThan(10)
    })
  })

  it('runs a statement that Querylens cannot read', async () => {
    const broken = {
      ...session,
      shapes: {
        get: () => {
          throw new Error('no shape')
        },
      },
    } as never
    const faults = faultCount()
    expect(await recordQuery(broken, { sql: 'select a' }, respond, undefined)).toEqual({ rows: [{ id: 1 }] })
    expect(events).toEqual([])
    expect(faultCount()).toBe(faults + 1)
  })
})

describe('recordBegin and recordCommand', () => {
  const run = async (): Promise<void> => {}

  it('end the transaction when its rollback fails', async () => {
    const failure = new Error('connection lost')
    await recordBegin(session, {}, run)
    await expect(recordCommand(session, 'rollback', () => Promise.reject(failure))).rejects.toBe(failure)
    expect(transactions).toMatchObject([{ outcome: 'failed', error: failure }])
    expect(session.transaction).toBeUndefined()
  })

  it('end the transaction when another one begins on the connection', async () => {
    await recordBegin(session, {}, run)
    await recordBegin(session, {}, run)
    await recordCommand(session, 'commit', run)
    expect(transactions.map(({ outcome }) => outcome)).toEqual(['abandoned', 'committed'])
  })

  it('keep the transaction open until the last use of a shared connection ends', async () => {
    for (let count = 0; count < 2; count++)
      await recordAcquisition({ database }, run, () => session, undefined)
    await recordBegin(session, {}, run)
    recordRelease(session)
    expect(transactions).toEqual([])
    recordRelease(session)
    expect(transactions).toMatchObject([{ outcome: 'abandoned' }])
  })

  it('measure the duration by the monotonic clock', async () => {
    const { now } = Date
    await recordBegin(session, {}, run)
    Date.now = () => now() + 3_600_000
    try {
      // The transaction has to last long enough to tell its duration from the jump.
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      await recordCommand(session, 'commit', run)
    } finally {
      Date.now = now
    }
    expect(transactions[0]?.durationMillis).toBeGreaterThan(1_000)
    expect(transactions[0]?.durationMillis).toBeLessThan(60_000)
  })
})
