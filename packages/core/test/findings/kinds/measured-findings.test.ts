import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useFakeClock, useRealClock } from '../../support/fake-clock.js'
import { chattyScope } from '../../../src/findings/kinds/chatty-scope.js'
import { idleInTransaction } from '../../../src/findings/kinds/idle-in-transaction.js'
import { largeResult } from '../../../src/findings/kinds/large-result.js'
import { longTransaction } from '../../../src/findings/kinds/long-transaction.js'
import { poolWait } from '../../../src/findings/kinds/pool-wait/pool-wait.js'
import type { TransactionExecution } from '../../../src/messages/transaction-execution.js'
import { contextWith, trackedQuery } from '../support/detecting.js'
import { listen } from '../support/driving.js'
import { databaseOf, executionOf } from '../support/executions.js'

const { opened, closed } = listen()
const database = databaseOf()

describe('largeResult', () => {
  const limits = { largeResult: { rows: 100, bytes: 10_000, unfilteredRows: 10 } }
  const rowsOf = (count: number, units = 0) =>
    Array.from({ length: count }, () => ({ text: 'x'.repeat(units) }))
  const ALL = 'select * from posts'
  const SOME = 'select * from posts where id > 1'

  function judge(results: readonly (readonly [string, readonly object[]])[]): void {
    const context = contextWith(limits)
    const detector = largeResult.detect(context)
    for (const [sql, rows] of results) detector.queryEnds?.(trackedQuery(sql), rows)
    context.ledger.close(1_000)
  }

  it.each<[string, string, number, number, boolean]>([
    ['as many rows as the limit', SOME, 100, 0, true],
    ['fewer rows than the limit', SOME, 99, 0, false],
    ['as many bytes as the limit', SOME, 10, 1_000, true],
    ['fewer bytes than the limit', SOME, 10, 999, false],
    ['all rows of a table', ALL, 10, 0, true],
    ['all rows of a small table', ALL, 9, 0, false],
    ['some rows of a table', SOME, 10, 0, false],
    ['the first rows of a table', 'select * from posts limit 50', 10, 0, false],
    ['an inner join', 'select * from posts join authors on true', 10, 0, false],
    ['a few deleted rows', 'delete from posts returning *', 10, 0, false],
    ['many deleted rows', 'delete from posts returning *', 100, 0, true],
    ['no rows', ALL, 0, 0, false],
  ])('opens a finding for a large result only: %s', (_, sql, rows, units, isFound) => {
    judge([[sql, rowsOf(rows, units)]])
    expect(closed.map(({ kind }) => kind)).toEqual(isFound ? ['large_result'] : [])
  })

  it('opens one finding for each call site and statement, with the figures of the largest result', () => {
    judge([
      [SOME, rowsOf(100, 10)],
      [SOME, rowsOf(500, 10)],
      [SOME, rowsOf(200, 10)],
      ['select id from posts where id > 1', rowsOf(100, 1)],
    ])
    expect(closed).toMatchObject([
      { count: 3, durationMillis: 3, severity: 'high' },
      { count: 1, durationMillis: 1, severity: 'low' },
    ])
    expect(closed[0]!.message).toMatch(/^3x select posts, which returned up to 500 rows, about 5 KiB at /)
    expect(closed[1]!.message).toMatch(/^select posts returned 100 rows, about 100 bytes at /)
  })

  it.each<[string, string]>([
    [ALL, 'it has no WHERE and no LIMIT'],
    [SOME, 'select only the columns and rows'],
  ])('suggests a cure for %s', (sql, suggestion) => {
    judge([[sql, rowsOf(100, 30_000)]])
    expect(closed[0]!.suggestion).toContain(suggestion)
    expect(closed[0]!.message).toContain('2.9 MiB')
  })
})

describe('longTransaction and idleInTransaction', () => {
  const transactionOf = (durationMillis: number, idleMillis: number) =>
    ({ database, durationMillis, idleMillis }) as TransactionExecution

  function judge(...transactions: readonly (readonly [number, number])[]): void {
    const context = contextWith({
      longTransaction: { durationMillis: 100 },
      idleInTransaction: { durationMillis: 50 },
    })
    const detectors = [longTransaction.detect(context), idleInTransaction.detect(context)]
    for (const [duration, idle] of transactions) {
      for (const detector of detectors) detector.transactionEnds?.(transactionOf(duration, idle))
    }
    context.ledger.close(1_000)
  }

  it.each<[number, number, string[]]>([
    [99, 49, []],
    [100, 49, ['long_transaction']],
    [99, 50, ['idle_in_transaction']],
    [100, 50, ['long_transaction', 'idle_in_transaction']],
  ])('check a transaction of %d ms that was idle for %d ms', (duration, idle, kinds) => {
    judge([duration, idle])
    expect(closed.map(({ kind }) => kind)).toEqual(kinds)
  })

  it('open one finding for each call site, with the figures of the longest transaction', () => {
    judge([120, 0], [200, 0], [150, 0])
    expect(opened).toHaveLength(1)
    expect(closed).toMatchObject([
      { count: 3, durationMillis: 200, severity: 'medium', execution: undefined },
    ])
    expect(closed[0]!.suggestion).toContain('200 ms')
    expect(closed[0]!.transaction).toMatchObject({ durationMillis: 120 })
  })
})

describe('poolWait', () => {
  beforeEach(useFakeClock)
  afterEach(useRealClock)

  /** Waits that end at these times, in milliseconds, and last so long. */
  function judge(...waits: readonly (readonly [end: number, millis: number])[]): void {
    const context = contextWith({ poolWait: { durationMillis: 100 } })
    const detector = poolWait.detect(context)
    let now = 0
    for (const [end, millis] of waits) {
      vi.advanceTimersByTime(end - now)
      now = end
      detector.connectionWaited?.(database, millis)
    }
    expect(opened).toEqual([])
    detector.scopeEnds?.()
    context.ledger.close(1_000)
  }

  it('opens one finding for all waits of a scope when a call waited for the limit', () => {
    judge([100, 60], [200, 39], [300, 1], [800, 400])
    expect(opened).toHaveLength(1)
    expect(closed).toMatchObject([
      { kind: 'pool_wait', count: 4, durationMillis: 500, severity: 'high', database },
    ])
  })

  it.each<[string, ...(readonly [number, number])[]]>([
    ['at the same time', [100, 90], [100, 90], [100, 90]],
    ['one inside another', [50, 10], [99, 99], [100, 2]],
    ['of less than a millisecond each', ...Array.from({ length: 500 }, (_, end) => [end, 0.9] as const)],
  ])('counts waits once: %s', (_, ...waits) => {
    judge(...waits)
    expect(closed).toMatchObject(waits.length === 3 && waits[1]?.[1] === 99 ? [{ durationMillis: 100 }] : [])
  })

  it('counts the time of any number of waits', () => {
    judge(...Array.from({ length: 200 }, (_, index) => [10 * index, 2] as const))
    expect(closed).toMatchObject([{ count: 200, durationMillis: 400 }])
  })
})

describe('chattyScope', () => {
  const start = (detector: ReturnType<typeof chattyScope.detect>): void =>
    detector.queryStarts?.(trackedQuery('select 1 from t'))
  const end = (detector: ReturnType<typeof chattyScope.detect>): void =>
    detector.queryEnds?.(trackedQuery('select 1 from t'), [])

  it('counts the statements that no other finding explains', () => {
    const context = contextWith({ chattyScope: { atLeast: 11 } })
    const { memory, ledger } = context
    const chatty = chattyScope.detect(context)
    for (const [count, sql] of [
      [5, 'select 1 from b'],
      [3, 'select 1 from c'],
      [2, 'select 1 from d'],
    ] as const) {
      memory.statementRepeats({ count, shape: executionOf(sql).shape })
    }
    memory.explained = 5
    for (let count = 1; count <= 15; count++) start(chatty)
    expect(opened).toEqual([])
    start(chatty)
    expect(opened).toHaveLength(1)
    memory.explained = 0
    for (let count = 17; count <= 22; count++) start(chatty)
    for (let count = 1; count <= 22; count++) end(chatty)
    ledger.close(1_000)
    expect(closed).toMatchObject([
      { kind: 'chatty_scope', count: 22, durationMillis: 22, severity: 'medium' },
    ])
    expect(closed[0]!.suggestion).toMatch(/; the most frequent: 5x select b, 3x select c, 2x select d$/)
  })

  it('opens no finding below the limit', () => {
    const chatty = chattyScope.detect(contextWith({ chattyScope: { atLeast: 11 } }))
    for (let count = 1; count <= 10; count++) start(chatty)
    expect(opened).toEqual([])
  })
})
