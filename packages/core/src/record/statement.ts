import type { QueryExecutionKind } from '../messages/query-execution.js'
import type { CallerSignal } from './caller-signal.js'

/** A statement as an adapter gets it; structurally Kysely's `CompiledQuery`. */
export interface Statement {
  readonly sql: string
  readonly parameters?: readonly unknown[]
}

/** The circumstances of a statement. */
export interface StatementCall {
  readonly kind: QueryExecutionKind
  /** The caller's abort signal, which tells a cancelled statement from a failed one. */
  readonly signal: CallerSignal
  /** The recorder's function that is running: its caller is the application's. */
  readonly entryPoint: (...values: never[]) => unknown
}
