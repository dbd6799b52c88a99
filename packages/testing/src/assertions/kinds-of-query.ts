import type { StatementKind } from '@querylens/core'

import type { CapturedQuery } from '../recording/captured-query.js'

const WRITES: readonly StatementKind[] = ['insert', 'update', 'delete', 'merge']

/**
 * The kinds that a statement counts for: its own, and those of the writes in its CTEs. `with added as (insert …) select …` is a
 * `select` that also counts as an `insert`.
 */
export function kindsOfQuery({ kind, summary, tables }: CapturedQuery): readonly StatementKind[] {
  if (kind !== 'select' && !WRITES.includes(kind)) return [kind]
  // The summary has the operations, each followed by its tables.
  const operations = summary.toLowerCase().split(' ')
  const names = new Set(tables.map((table) => table.toLowerCase()))
  return [
    kind,
    ...WRITES.filter((write) => write !== kind && operations.includes(write) && !names.has(write)),
  ]
}
