import { plainTable, type Column } from './plain-table.ts'
import { durationMillis, isQuery, typicalTrace, type Trace } from './traces.ts'

/** The mistakes in the shipped shop, with their routes. */
export const MISTAKES = [
  { what: 'a query for each order (N+1)', path: '/orders' },
  { what: 'a filter without an index', path: '/tracking/:number' },
  { what: 'a sort that spills to disk', path: '/categories/:category/latest-reviews' },
  { what: 'the same lookup ten times', path: '/customers/:id/offers' },
] as const

const COLUMNS: readonly Column[] = [
  { title: 'Mistake', width: 32 },
  { title: 'Route', width: 39 },
  { title: 'Queries', width: 11, align: 'right' },
  { title: 'ms', width: 17, align: 'right' },
]

/** Queries and time of a typical request for each mistake and its fix. */
export function mistakeTable(traces: readonly Trace[]): string {
  const rows = MISTAKES.map(({ what, path }) => {
    const shipped = typicalTrace(traces, `GET /as-shipped${path}`)
    const fixed = typicalTrace(traces, `GET ${path}`)
    return [what, path, `${queries(shipped)} → ${queries(fixed)}`, `${millis(shipped)} → ${millis(fixed)}`]
  })
  return plainTable(COLUMNS, rows)
}

function queries(trace: Trace | undefined): string {
  return trace === undefined ? '-' : String(trace.spans.filter(isQuery).length).padStart(2)
}

function millis(trace: Trace | undefined): string {
  return trace === undefined ? '-' : durationMillis(trace.root).toFixed(1).padStart(5)
}
