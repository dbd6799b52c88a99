import type { CapturedQueries, CapturedQuery } from '@querylens/testing'

import { countShapes } from '../../src/budgets/shape-of-query.js'

/** What a capture resolves to that has these queries: `{ 'select books': 2 }`. */
export function captured(counts: Readonly<Record<string, number>>): CapturedQueries<undefined> {
  const queries = Object.entries(counts).flatMap(([text, count]) =>
    Array.from({ length: count }, () => query(text)),
  )
  return {
    result: undefined,
    name: 'test',
    queries,
    count: queries.length,
    findings: [],
    late: [],
    durationMillis: queries.length,
    outside: [],
    failedConnections: [],
    undetected: [],
    unrecorded: new Map(),
    [Symbol.iterator]: () => queries[Symbol.iterator](),
  }
}

function query(text: string): CapturedQuery {
  const all = {
    text,
    truncated: false,
    hasAllTables: true,
    wording: text,
    summary: text.split(' ').slice(0, 2).join(' '),
    fingerprint: text,
    kind: 'select',
    tables: [text.split(' ')[1] ?? ''],
    database: {} as CapturedQuery['database'],
    outcome: 'completed',
    durationMillis: 1,
    scopeName: 'test',
    path: [],
    parameters: undefined,
  } as const
  return all
}

/** The budget of queries: `{ 'select books': 2 }`, with the shapes as the file has them. */
export function budgetOf(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(countShapes(captured(counts)))
}

/** The shape of a query as the file has it. */
export function shapeOf(text: string): string {
  return Object.keys(budgetOf({ [text]: 1 })).join('')
}
