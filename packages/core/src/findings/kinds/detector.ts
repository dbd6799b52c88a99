import type { DatabaseInfo } from '../../messages/database-info.js'
import type { FindingKind, FindingKinds } from '../../messages/finding.js'
import type { Scope } from '../../messages/scope.js'
import type { TransactionExecution } from '../../messages/transaction-execution.js'
import type { QueryShape } from '../../sql/shape/query-shape.js'
import type { ScopeMemory } from '../memory/scope-memory.js'
import type { TrackedQuery } from '../memory/tracked-query.js'
import type { FindingMode } from '../policy/finding-mode.js'
import type { ResolvedLimit } from '../policy/limits.js'
import type { EntryPoint } from '../report/finding-error.js'
import type { FindingLedger } from '../report/finding-ledger.js'

/**
 * Follows the queries of one scope and opens findings; each moment takes constant time. A detector implements the moments
 * that it needs. Queries that can be part of no finding (schema statements, catalogs, `withoutFindings`) come to
 * `rowsArrive` only.
 */
export interface Detector {
  /**
   * A call of the application has compiled a query and is about to ask for a connection.
   *
   * @param shape `undefined` for a statement that the process has not run yet
   * @returns whether the stack of the call is wanted, because the statement is likely to repeat
   */
  wantsCall?(database: DatabaseInfo, shape: QueryShape | undefined): boolean
  /**
   * A query is about to be sent.
   *
   * @throws FindingError in the mode `throw`: then it is not sent
   */
  queryStarts?(query: TrackedQuery): void
  /** Rows have arrived: all rows of a result, or one chunk of a stream. */
  rowsArrive?(query: TrackedQuery, rows: readonly unknown[]): void
  /**
   * A query has ended with any outcome; its message is complete.
   *
   * @param rows of a result; `undefined` for a stream, and where the driver gave none
   */
  queryEnds?(query: TrackedQuery, rows: readonly unknown[] | undefined): void
  /** A transaction is over; its message is complete. */
  transactionEnds?(transaction: TransactionExecution): void
  /**
   * The application is about to ask the pool for a connection.
   *
   * @throws FindingError in the mode `throw`: then the pool is not asked
   */
  connectionRequested?(database: DatabaseInfo, entryPoint: EntryPoint): void
  /** The pool handed a connection out, after a wait. */
  connectionWaited?(database: DatabaseInfo, waitMillis: number): void
  /** The scope has ended; its findings are about to close. */
  scopeEnds?(): void
  /**
   * A query that the scope started is about to be sent after its end. No figure changes any more.
   *
   * @throws FindingError in the mode `throw`, if it is part of a finding that has rejected a call: then it is not sent
   */
  queryStartsLate?(query: TrackedQuery): void
}

/** Makes a detector for one scope. */
export type DetectorFactory = (context: DetectorContext) => Detector

/** The context that all detectors of one scope share. */
export interface DetectorContext {
  readonly scope: Scope
  readonly mode: FindingMode
  readonly limits: KindLimits
  readonly memory: ScopeMemory
  readonly ledger: FindingLedger
  /** Whether stacks are captured in this scope before a statement has been seen in a loop. */
  readonly capturesStacks: boolean
}

/** The limit of each kind; `undefined` for a kind that is switched off. */
export type KindLimits = {
  readonly [Kind in FindingKind]: ResolvedLimit<FindingKinds[Kind]> | undefined
}
