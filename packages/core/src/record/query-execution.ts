import { channels } from '../channels.js'
import { toEpochMillis } from '../clock.js'
import { reportFault } from '../faults.js'
import { currentScope, type Scope } from '../scope/scope.js'
import type { QueryShape } from '../sql/query-shape.js'
import type { DatabaseInfo } from './database-info.js'
import { isLookingForFindings, isRefusal, openDetection, type Statement } from './detection.js'
import type { Session } from './session.js'
import { traceOperation, type TracedOperation } from './trace-operation.js'
import type { TransactionExecution } from './transaction-execution.js'

/**
 * - `query`: a statement that the application sent
 * - `stream`: the same, read through a cursor
 * - `transaction_control`: begin, commit, rollback and savepoints, which the driver sends for the application
 */
export type QueryExecutionKind = 'query' | 'stream' | 'transaction_control'

/**
 * - `running`: not over yet
 * - `completed`: the database answered; a stream was read to its end
 * - `failed`: see `error`
 * - `cancelled`: the caller's abort signal fired before the statement was over; `error` says whether the
 *   database gave up on it or answered to nobody
 * - `stopped`: the caller left a stream before its end
 * - `abandoned`: the caller neither finished nor left a stream, and its iterator was garbage-collected
 * - `refused`: it was part of a finding, and the mode is `throw`: never sent, `error` is ours
 */
export type QueryOutcome =
  | 'running'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'stopped'
  | 'abandoned'
  | 'refused'

/**
 * One statement on its way through the driver; the message of `querylens:query`.
 *
 * Holds no parameter and no row: neither can reach a subscriber.
 */
export interface QueryExecution extends TracedOperation {
  /** Unique in this process, counted from 1. */
  readonly id: number
  readonly kind: QueryExecutionKind
  readonly shape: QueryShape
  readonly database: DatabaseInfo
  /** The unit of work that this statement is counted in. */
  readonly scope: Scope | undefined
  /** The transaction that this statement ran in, savepoints included. */
  readonly transaction: TransactionExecution | undefined
  /** On the first statement after the pool was asked for a connection: how long that took, in milliseconds. */
  readonly connectionWaitMillis: number | undefined
  /** Milliseconds since the epoch, with fractions. */
  readonly startTimeMillis: number
  /** From the call of the driver to its answer; for a stream, to the end of the reading. */
  durationMillis: number | undefined
  /** How many rows came back; `undefined` where the driver's result has no `rows`. */
  returnedRows: number | undefined
  /** How many rows were written; `undefined` for statements that write none. */
  affectedRows: number | undefined
  outcome: QueryOutcome
  /** A `start` subscriber may set it to what identifies the span, so that a finding can point to it. */
  spanContext: SpanReference | undefined
}

/** Structurally OpenTelemetry's `SpanContext`. */
export interface SpanReference {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
}

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
