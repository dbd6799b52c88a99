import type { DatabaseInfo } from './database-info.js'
import type { Scope } from './scope.js'
import type { TracedOperation } from './traced-operation.js'

/**
 * - `active`: not over yet
 * - `committed`: the database has the changes
 * - `rolled_back`: the application requested it, or the commit failed: then `failed` is true, and `error` is that of the
 *   commit. PostgreSQL answers a commit with a rollback after a statement has failed
 * - `failed`: begin or rollback failed, or commit failed and no rollback followed; see `error`
 * - `abandoned`: the connection went back to the pool without commit or rollback
 */
export type TransactionOutcome = 'active' | 'committed' | 'rolled_back' | 'failed' | 'abandoned'

/** A transaction from begin to commit or rollback; the message of `querylens:transaction`. */
export interface TransactionExecution extends TracedOperation {
  /** Unique in this process, counted from 1. */
  readonly id: number
  readonly database: DatabaseInfo
  readonly scope: Scope | undefined
  /** Such as `repeatable read`; `undefined` for the database's default. */
  readonly isolationLevel: string | undefined
  /** `read only` or `read write`; `undefined` for the database's default. */
  readonly accessMode: string | undefined
  /** Milliseconds since the epoch, with fractions. */
  readonly startTimeMillis: number
  readonly durationMillis: number | undefined
  /** The part of it in which no statement ran, in milliseconds. */
  readonly idleMillis: number | undefined
  /** Statements that the application ran in it. */
  readonly queryCount: number
  readonly outcome: TransactionOutcome
}
