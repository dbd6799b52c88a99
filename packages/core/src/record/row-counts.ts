import type { QueryExecution } from '../messages/query-execution.js'
import type { Mutable } from '../mutable.js'

/** The part of a driver's result that Querylens reads; structurally Kysely's `QueryResult`. */
export interface RowCounts {
  readonly rows?: readonly unknown[]
  readonly numAffectedRows?: bigint | undefined
}

/** Counts the rows of a result, or of one chunk of a stream. */
export function countRows(execution: Mutable<QueryExecution>, { rows, numAffectedRows }: RowCounts): void {
  if (execution.kind === 'transaction_control') return
  if (Array.isArray(rows)) execution.returnedRows = (execution.returnedRows ?? 0) + rows.length
  if (typeof numAffectedRows === 'bigint') execution.affectedRows = Number(numAffectedRows)
}
