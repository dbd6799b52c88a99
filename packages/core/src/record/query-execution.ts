import type { QueryExecutionKind, QueryOutcome, QueryExecution } from '../messages/query-execution.js'
import { channels } from '../messages/channels.js'
import { toEpochMillis } from '../clock.js'
import { reportFault } from '../messages/faults.js'
import { currentScope } from '../scope/scope.js'
import type { Scope } from '../messages/scope.js'
import type { QueryShape } from '../sql/shape/query-shape.js'
import type { DatabaseInfo } from '../messages/database-info.js'
import { isLookingForFindings, isRefusal, openDetection, type Statement } from './detection.js'
import type { Session } from './session.js'
import { traceOperation } from './trace-operation.js'
import type { TracedOperation } from '../messages/traced-operation.js'
import type { TransactionExecution } from '../messages/transaction-execution.js'

/** The part of a driver's result that is looked at. Structurally Kysely's `QueryResult`. */
export interface RowCounts {
  readonly rows?: readonly unknown[]
  readonly numAffectedRows?: bigint | undefined
}

let lastId = 0

/** Whether anything wants to know of queries; when not, adapters forward at once. */
export function isRecordingQueries(): boolean {
  return channels.query.hasSubscribers || channels.scope.hasSubscribers || isLookingForFindings()
}

/**
 * Opens the message for a statement that is about to run, and counts it in its scope and transaction.
 *
 * @returns `undefined` where that fails: better unseen than broken
 */
export function openQueryExecution(
  session: Session,
  kind: QueryExecutionKind,
  sql: string,
  startedAt: number,
): QueryExecution | undefined {
  let shape: QueryShape
  try {
    shape = session.shapes.get(sql)
  } catch (fault) {
    reportFault('reading a statement', fault)
    return undefined
  }
  const scope = currentScope()
  const { transaction, connectionWaitMillis } = session
  if (kind !== 'transaction_control') {
    if (scope !== undefined) scope.queryCount++
    if (transaction !== undefined) transaction.queryCount++
  }
  session.connectionWaitMillis = undefined
  return {
    id: ++lastId,
    kind,
    shape,
    database: session.database,
    scope,
    transaction,
    connectionWaitMillis,
    startTimeMillis: toEpochMillis(startedAt),
    durationMillis: undefined,
    returnedRows: undefined,
    affectedRows: undefined,
    outcome: 'running',
    spanContext: undefined,
    failed: false,
    error: undefined,
    activate: undefined,
  }
}

/**
 * Runs one statement and traces it on `querylens:query`.
 *
 * @param operation the driver's call; its result and its error go to the caller as they are
 * @param signal the caller's abort signal, which tells a cancelled statement from a failed one
 */
export function recordQuery<Result extends RowCounts>(
  session: Session,
  statement: Statement,
  operation: () => Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const startedAt = performance.now()
  const kind = session.inTransactionCommand ? 'transaction_control' : 'query'
  const execution = openQueryExecution(session, kind, statement.sql, startedAt)
  if (execution === undefined) return operation()
  const timing = session.transactionTiming
  timing?.start(startedAt)
  const detection =
    kind === 'query' ? openDetection(session, execution, statement, startedAt, recordQuery) : undefined
  const send = (): Promise<Result> => {
    detection?.begin()
    return operation()
  }
  return traceOperation(channels.query, execution, send, (message, result) => {
    const durationMillis = performance.now() - startedAt
    if (result !== undefined && kind === 'query') countRows(message, result)
    const outcome = signal?.aborted ? 'cancelled' : message.failed ? 'failed' : 'completed'
    closeQueryExecution(message, outcome, durationMillis)
    timing?.end(startedAt + durationMillis, durationMillis)
    detection?.takeRows(result?.rows)
    detection?.end(result?.rows)
  })
}

/** Completes the message of a statement that is over. */
export function closeQueryExecution(
  execution: QueryExecution,
  outcome: QueryOutcome,
  durationMillis: number,
): void {
  const { scope } = execution
  execution.durationMillis = durationMillis
  execution.outcome = isRefusal(execution.error) ? 'refused' : outcome
  if (scope === undefined || execution.kind === 'transaction_control') return
  scope.queryDurationMillis += durationMillis
  if (execution.outcome === 'failed') scope.failedQueryCount++
}

/** Adds the rows of a result, or of one chunk of a stream. */
export function countRows(execution: QueryExecution, { rows, numAffectedRows }: RowCounts): void {
  if (Array.isArray(rows)) execution.returnedRows = (execution.returnedRows ?? 0) + rows.length
  if (typeof numAffectedRows === 'bigint') execution.affectedRows = Number(numAffectedRows)
}
