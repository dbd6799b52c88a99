import { styleText } from 'node:util'

import type { ReceivedSpan } from '@querylens/tool-otlp-receiver'

import { plainTable, type Column } from './plain-table.ts'
import { shortenSql } from './shorten-sql.ts'
import { durationMillis, isQuery, type Trace } from './traces.ts'

interface QueryFigures {
  readonly text: string
  readonly millis: number[]
  readonly routes: Set<string>
}

const ROWS = 10
const TEXT_WIDTH = 56
/** Two lines, minus the space that a break between words may leave empty. */
const TEXT_LENGTH = 97
const COLUMNS: readonly Column[] = [
  { title: 'Query', width: TEXT_WIDTH },
  { title: 'Calls', width: 8, align: 'right' },
  { title: 'Total ms', width: 10, align: 'right' },
  { title: 'Mean', width: 8, align: 'right' },
  { title: 'p95', width: 8, align: 'right' },
  { title: 'Share', width: 9, align: 'right' },
]

/** The queries of all requests by their total time. */
export function queryTable(traces: readonly Trace[]): string {
  const queries = [...collect(traces).values()].toSorted((left, right) => total(right) - total(left))
  const overall = queries.reduce((sum, query) => sum + total(query), 0)
  const rows = queries.slice(0, ROWS).map((query) => {
    const { text, millis, routes } = query
    return [
      `${shortenSql(text, TEXT_LENGTH)}\n${styleText('dim', routeList(routes))}`,
      String(millis.length),
      total(query).toFixed(0),
      (total(query) / millis.length).toFixed(2),
      percentile(millis, 0.95).toFixed(2),
      `${((100 * total(query)) / overall).toFixed(1)} %`,
    ]
  })
  const rest = queries.length - rows.length
  return plainTable(COLUMNS, rows) + (rest > 0 ? `\n … and ${rest} more queries` : '')
}

function collect(traces: readonly Trace[]): Map<string, QueryFigures> {
  const queries = new Map<string, QueryFigures>()
  for (const { root, spans } of traces) {
    for (const span of spans.filter(isQuery)) {
      const key = keyOf(span)
      const query = queries.get(key) ?? { text: textOf(span), millis: [], routes: new Set() }
      queries.set(key, query)
      query.millis.push(durationMillis(span))
      query.routes.add(root.name)
    }
  }
  return queries
}

/** Queries that differ only in values have one fingerprint. */
function keyOf(span: ReceivedSpan): string {
  const fingerprint = span.attributes['querylens.query.fingerprint']
  return typeof fingerprint === 'string' ? fingerprint : textOf(span)
}

function textOf(span: ReceivedSpan): string {
  return String(span.attributes['db.query.text'])
}

function total({ millis }: QueryFigures): number {
  return millis.reduce((sum, value) => sum + value, 0)
}

function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? 0
}

function routeList(routes: ReadonlySet<string>): string {
  const [first = '', ...others] = routes
  return others.length === 0 ? first : `${first}, ${others.length} more`
}
