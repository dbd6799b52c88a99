import { reportFault } from '../messages/faults.js'
import type { QueryExecution } from '../messages/query-execution.js'
import type { Mutable } from '../mutable.js'

/** The part of a driver's result that Querylens reads; structurally Kysely's `QueryResult`. */
export interface RowCounts {
  readonly rows?: readonly unknown[]
  readonly numAffectedRows?: bigint | undefined
}

/**
 * Counts the rows of a result, or of one chunk of a stream. Never throws: a result is whatever the driver returned.
 *
 * @returns the rows. Read no field of the result a second time, because it may be a getter of the driver
 */
export function countRows(
  execution: Mutable<QueryExecution>,
  result: RowCounts | null | undefined,
): readonly unknown[] | undefined {
  if (!result || execution.kind === 'transaction_control') return undefined
  try {
    const { rows, numAffectedRows } = result
    if (typeof numAffectedRows === 'bigint') execution.affectedRows = Number(numAffectedRows)
    if (!Array.isArray(rows)) return undefined
    execution.returnedRows = (execution.returnedRows ?? 0) + rows.length
    return rows
  } catch (fault) {
    reportFault('reading a result', fault)
    return undefined
  }
}
