import type { Mutable } from '../mutable.js'
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
 * - `running`: the statement is not over yet
 * - `completed`: the database returned a result; for a stream, the caller read it to its end
 * - `failed`: see `error`
 * - `cancelled`: the caller's abort signal fired before the statement was over. `error` says whether the database
 *   stopped the statement, or ran it to its end
 * - `stopped`: the caller left a stream before its end
 * - `abandoned`: the caller neither finished nor left a stream, and its iterator was garbage-collected
 * - `refused`: the statement was part of a finding in the mode `throw`. Querylens did not send it; `error` is ours
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
 * One statement on its way through the driver: the message of `querylens:query`. Its fields fill in as the statement
 * proceeds; `asyncEnd` subscribers get it complete.
 *
 * It holds no parameter and no row, so neither can reach a subscriber.
 */
export interface QueryExecution extends TracedOperation {
  /** Unique in this process, counted from 1. */
  readonly id: number
  readonly kind: QueryExecutionKind
  readonly shape: QueryShape
  readonly database: DatabaseInfo
  /** The scope that counts this statement. */
  readonly scope: Scope | undefined
  /** The transaction that this statement ran in, savepoints included. */
  readonly transaction: TransactionExecution | undefined
  /** On the first statement after the pool was asked for a connection: how long the pool took, in milliseconds. */
  readonly connectionWaitMillis: number | undefined
  /** Milliseconds since the epoch, with fractions. */
  readonly startTimeMillis: number
  /** Time from the call of the driver to its result, in milliseconds; for a stream, to the end of the reading. */
  readonly durationMillis: number | undefined
  /** How many rows came back; `undefined` where the driver's result has no `rows`. */
  readonly returnedRows: number | undefined
  /** How many rows the statement wrote; `undefined` for statements that write none. */
  readonly affectedRows: number | undefined
  readonly outcome: QueryOutcome
  /** The ids of the statement's span; `undefined` without a span. */
  readonly spanContext: SpanReference | undefined
}

/** Structurally OpenTelemetry's `SpanContext`. */
export interface SpanReference {
  readonly traceId: string
  readonly spanId: string
  readonly traceFlags: number
}

/** Notes which span stands for a statement, so that findings can point to it. A `start` subscriber calls it. */
export function setSpanContext(execution: QueryExecution, spanContext: SpanReference): void {
  const recorded: Mutable<QueryExecution> = execution
  recorded.spanContext = spanContext
}
