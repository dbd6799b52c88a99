import { describe, expect, it } from 'vitest'

import { ChattyScope } from '../../../src/findings/kinds/chatty-scope.js'
import { FindingLedger } from '../../../src/findings/report/finding-ledger.js'
import type { TrackedQuery } from '../../../src/findings/tracked-query.js'
import { resolveFindingOptions, type FindingOptions } from '../../../src/findings/policy/finding-options.js'
import { LargeResults } from '../../../src/findings/kinds/large-result.js'
import { PoolWaits } from '../../../src/findings/kinds/pool-wait.js'
import { SlowTransactions } from '../../../src/findings/kinds/slow-transactions.js'
import type { TransactionExecution } from '../../../src/messages/transaction-execution.js'
import { openScope } from '../../../src/scope/scope.js'
import { listen } from '../support/driving.js'
import { databaseOf, executionOf, traitsOfText } from '../support/executions.js'

const { opened, closed } = listen()
const database = databaseOf()

function setUp(findings: FindingOptions = {}) {
  const { scope } = openScope('custom', 'job')
  const options = resolveFindingOptions('test()', findings)
  return { scope, options, ledger: new FindingLedger(scope, options) }
}

describe('LargeResults', () => {
  const limits = { largeResult: { rows: 100, bytes: 10_000, unfilteredRows: 10 } }
  const rowsOf = (count: number, units = 0) =>
    Array.from({ length: count }, () => ({ text: 'x'.repeat(units) }))
  const ALL = 'select * from posts'
  const SOME = 'select * from posts where id > 1'

  function judge(results: readonly (readonly [string, readonly object[]])[]): void {
    const { options, ledger } = setUp(limits)
    const large = new LargeResults(options.largeResult, ledger)
    for (const [sql, rows] of results) large.judge(executionOf(sql), rows, () => traitsOfText(sql))
    ledger.close(1_000)
  }

  it.each<[string, string, number, number, boolean]>([
    ['as many rows as the limit', SOME, 100, 0, true],
    ['fewer', SOME, 99, 0, false],
    ['as many bytes as the limit', SOME, 10, 1_000, true],
    ['fewer bytes', SOME, 10, 999, false],
    ['all of a table', ALL, 10, 0, true],
    ['all of a small table', ALL, 9, 0, false],
    ['some of a table', SOME, 10, 0, false],
    ['the first ones of a table', 'select * from posts limit 50', 10, 0, false],
    ['what a join leaves', 'select * from posts join authors on true', 10, 0, false],
    ['what was written', 'delete from posts returning *', 10, 0, false],
    ['much that was written', 'delete from posts returning *', 100, 0, true],
    ['nothing', ALL, 0, 0, false],
  ])('with %s', (_, sql, rows, units, isFound) => {
    judge([[sql, rowsOf(rows, units)]])
    expect(closed.map(({ kind }) => kind)).toEqual(isFound ? ['large_result'] : [])
  })

  it('at one place are one finding, with the figures of the largest', () => {
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
    [ALL, 'it says neither which rows it wants'],
    [SOME, 'ask for the columns and rows'],
  ])('of %s say what to do', (sql, suggestion) => {
    judge([[sql, rowsOf(100, 30_000)]])
    expect(closed[0]!.suggestion).toContain(suggestion)
    expect(closed[0]!.message).toContain('2.9 MiB')
  })
})

describe('SlowTransactions', () => {
  const transactionOf = (durationMillis: number, idleMillis: number) =>
    ({ database, durationMillis, idleMillis }) as TransactionExecution

  function judge(...transactions: readonly (readonly [number, number])[]): void {
    const { options, ledger } = setUp({
      longTransaction: { durationMillis: 100 },
      idleInTransaction: { durationMillis: 50 },
    })
    const slow = new SlowTransactions(options, ledger)
    for (const [duration, idle] of transactions) slow.judge(transactionOf(duration, idle))
    ledger.close(1_000)
  }

  it.each<[number, number, string[]]>([
    [99, 49, []],
    [100, 49, ['long_transaction']],
    [99, 50, ['idle_in_transaction']],
    [100, 50, ['long_transaction', 'idle_in_transaction']],
  ])('of %d ms, of which %d without a statement', (duration, idle, kinds) => {
    judge([duration, idle])
    expect(closed.map(({ kind }) => kind)).toEqual(kinds)
  })

  it('of one place are one finding, with the figures of the longest', () => {
    judge([120, 0], [200, 0], [150, 0])
    expect(opened).toHaveLength(1)
    expect(closed).toMatchObject([
      { count: 3, durationMillis: 200, severity: 'medium', execution: undefined },
    ])
    expect(closed[0]!.suggestion).toContain('200 ms')
    expect(closed[0]!.transaction).toMatchObject({ durationMillis: 120 })
  })
})

describe('PoolWaits', () => {
  it('are one finding, of all waits together', () => {
    const { options, ledger } = setUp({ poolWait: { durationMillis: 100 } })
    const waits = new PoolWaits(options.poolWaitMillis, ledger)
    waits.add(database, 60)
    waits.add(database, 39)
    expect(opened).toEqual([])
    waits.add(database, 1)
    waits.add(database, 400)
    ledger.close(1_000)
    expect(opened).toHaveLength(1)
    expect(closed).toMatchObject([
      { kind: 'pool_wait', count: 4, durationMillis: 500, severity: 'high', database },
    ])
  })
})

describe('ChattyScope', () => {
  const step = { execution: { database }, below: setUp } as unknown as TrackedQuery

  it('is one above the limit, without what other findings explain', () => {
    const { scope, options, ledger } = setUp({ chattyScope: { threshold: 10 } })
    const chatty = new ChattyScope(scope, options.chattyScope, ledger)
    const statement = (count: number, sql: string) => ({ count, shape: executionOf(sql).shape })
    const statements = () =>
      [
        statement(1, 'select 1 from a'),
        statement(5, 'select 1 from b'),
        statement(3, 'select 1 from c'),
        statement(2, 'select 1 from d'),
      ] as never
    let explained = 5
    for (let count = 1; count <= 15; count++) chatty.count(step, () => explained, statements)
    expect(opened).toEqual([])
    chatty.count(step, () => explained, statements)
    expect(opened).toHaveLength(1)
    explained = 0
    for (let count = 17; count <= 20; count++) chatty.count(step, () => explained, statements)
    scope.queryDurationMillis = 77
    ledger.close(1_000)
    expect(closed).toMatchObject([
      { kind: 'chatty_scope', count: 20, durationMillis: 77, severity: 'medium' },
    ])
    expect(closed[0]!.suggestion).toMatch(/; most often ran 5x select b, 3x select c, 2x select d$/)
  })

  it('is none at the limit', () => {
    const { scope, options, ledger } = setUp({ chattyScope: { threshold: 10 } })
    const chatty = new ChattyScope(scope, options.chattyScope, ledger)
    for (let count = 1; count <= 10; count++)
      chatty.count(
        step,
        () => 0,
        () => [],
      )
    expect(opened).toEqual([])
  })
})
