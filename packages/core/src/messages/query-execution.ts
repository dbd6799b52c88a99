import type { QueryShape } from '../sql/shape/query-shape.js'
import type { DatabaseInfo } from './database-info.js'
import type { Scope } from './scope.js'
import type { TracedOperation } from './traced-operation.js'
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
