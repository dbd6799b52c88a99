import { stripVTControlCharacters } from 'node:util'

import type { ReceivedSpan } from '@querylens/tool-otlp-receiver'
import { describe, expect, it } from 'vitest'

import { findingTable } from '../../src/demo/finding-table.ts'
import { queryTable } from '../../src/demo/query-table.ts'
import { groupTraces } from '../../src/demo/traces.ts'
import { waterfall } from '../../src/demo/waterfall.ts'

interface Sketch {
  readonly id: string
  readonly parent?: string
  readonly name: string
  readonly from: number
  readonly to: number
  readonly sql?: string
}

/** The spans of one request. Times are in milliseconds. */
function spansOf(sketches: readonly Sketch[]): ReceivedSpan[] {
  return sketches.map(({ id, parent, name, from, to, sql }) => ({
    resource: {},
    scope: { name: 'test', version: undefined, schemaUrl: undefined },
    traceId: 't',
    spanId: id,
    parentSpanId: parent,
    name,
    kind: parent === undefined ? 'SERVER' : sql === undefined ? 'INTERNAL' : 'CLIENT',
    startTime: BigInt(from * 1e6),
    endTime: BigInt(to * 1e6),
    attributes: sql === undefined ? {} : { 'db.query.text': sql },
    events: [],
    links: [],
    status: { code: 'UNSET', message: undefined },
  }))
}

const REQUEST = spansOf([
  { id: 'r', name: 'GET /orders', from: 0, to: 32 },
  { id: 'q', parent: 'r', name: 'SELECT orders', from: 2, to: 4, sql: 'select * from "orders"' },
  ...Array.from({ length: 10 }, (_, index) => ({
    id: `i${index}`,
    parent: 'r',
    name: 'SELECT items',
    from: 4 + 2 * index,
    to: 5 + 2 * index,
    sql: 'select * from "items" where "order_id" = $1',
  })),
  { id: 't', parent: 'r', name: 'transaction', from: 26, to: 30 },
  { id: 'u', parent: 't', name: 'UPDATE orders', from: 27, to: 28, sql: 'update "orders" set "a" = $1' },
])

describe('waterfall', () => {
  it('draws the tree over time and folds runs of equal spans', () => {
    const [trace] = groupTraces(REQUEST.toReversed())
    if (trace === undefined) throw new Error('Expected a trace.')
    expect(stripVTControlCharacters(waterfall(trace)).split('\n')).toEqual([
      ' Span                                            Start       ms',
      ' GET /orders                                      0.00    32.00 ████████████████████████████████',
      ' ├─ SELECT orders                                 2.00     2.00   ██',
      ' ├─ SELECT items                                  4.00     1.00     █',
      ' ├─ SELECT items                                  6.00     1.00       █',
      ' ├─ SELECT items                                  8.00     1.00         █',
      ' ├─ … 7 more of the same                         10.00     7.00           █████████████',
      ' └─ transaction                                  26.00     4.00                           ████',
      '    └─ UPDATE orders                             27.00     1.00                            █',
    ])
  })
})

describe('findingTable', () => {
  const found = (count: number): ReceivedSpan[] =>
    REQUEST.map((span) => ({
      ...span,
      traceId: `t${count}`,
      events:
        span.kind !== 'SERVER'
          ? []
          : [
              {
                name: 'querylens.finding',
                time: 0n,
                attributes: {
                  'querylens.finding.kind': 'n_plus_one',
                  'querylens.finding.count': count,
                  'querylens.finding.call_site': 'listOrders (src/orders.ts:42)',
                  'querylens.finding.suggestion': 'load them all',
                  'querylens.finding.brief': `N+1: ${count}x SELECT items at orders.ts:42; load them all`,
                },
              },
            ],
    }))

  it('shows each call site once, with its highest count', () => {
    const table = findingTable(groupTraces([...found(3), ...found(9), ...found(5)])) ?? ''
    const lines = stripVTControlCharacters(table).split('\n')
    expect(lines.map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))).toEqual([
      'Finding | Requests',
      expect.stringMatching(/^─/),
      'N+1: 9x SELECT items at orders.ts:42 | 3',
      'load them all',
      'listOrders (src/orders.ts:42) in GET /orders',
    ])
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  it('returns undefined without findings', () => {
    expect(findingTable(groupTraces(REQUEST))).toBeUndefined()
  })
})

describe('queryTable', () => {
  it('sums the calls of each query, the longest total first, within 100 columns', () => {
    const lines = stripVTControlCharacters(queryTable(groupTraces(REQUEST))).split('\n')
    expect(lines.map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))).toEqual([
      'Query | Calls | Total ms | Mean | p95 | Share',
      expect.stringMatching(/^─/),
      'select * from items where order_id = $1 | 10 | 10 | 1.00 | 1.00 | 76.9 %',
      'GET /orders',
      'select * from orders | 1 | 2 | 2.00 | 2.00 | 15.4 %',
      'GET /orders',
      'update orders set a = $1 | 1 | 1 | 1.00 | 1.00 | 7.7 %',
      'GET /orders',
    ])
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
  })
})
