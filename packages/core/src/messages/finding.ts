import type { DatabaseInfo } from './database-info.js'
import type { QueryExecution } from './query-execution.js'
import type { TransactionExecution } from './transaction-execution.js'
import type { Scope } from './scope.js'
import type { CallSite } from './call-site.js'

/**
 * - `n_plus_one`: one place reads the same statement again and again, each time with other parameters
 * - `n_plus_one_write`: the same for INSERT, UPDATE, DELETE and MERGE
 * - `duplicate_query`: a statement with parameters that were asked for already, and nothing written in between
 * - `chatty_scope`: many statements that no other finding explains
 * - `large_result`: many rows or bytes at once, or all rows of a table
 * - `long_transaction`: open for long
 * - `idle_in_transaction`: open for long while no statement ran in it
 * - `pool_wait`: the scope waited for connections for long
 */
export type FindingKind =
  | 'n_plus_one'
  | 'n_plus_one_write'
  | 'duplicate_query'
  | 'chatty_scope'
  | 'large_result'
  | 'long_transaction'
  | 'idle_in_transaction'
  | 'pool_wait'

/** All kinds, in the order of {@link FindingKind}. */
export const FINDING_KINDS: readonly FindingKind[] = [
  'n_plus_one',
  'n_plus_one_write',
  'duplicate_query',
  'chatty_scope',
  'large_result',
  'long_transaction',
  'idle_in_transaction',
  'pool_wait',
]

/** By count, and by the share of the scope's time. */
export type FindingSeverity = 'low' | 'medium' | 'high'

/**
 * - `proven`: the parameters are values that one earlier statement of the scope returned
 * - `repeated`: only the count speaks
 * - `measured`: a figure is beyond its limit
 */
export type FindingEvidence = 'proven' | 'repeated' | 'measured'

/** The statement whose rows supplied the parameters of the repeats. */
export interface FindingSource {
  readonly execution: QueryExecution
  /** The column of its rows, as the database calls it, such as `id`; `undefined` for what may be an expression. */
  readonly column: string | undefined
  /** Where it was run, if that is known. */
  readonly callSite: CallSite | undefined
}

/**
 * What is wrong with a scope's use of the database: the message of `querylens:finding`.
 *
 * Published twice, the same object: when it opens, in the very call that crosses the threshold, and with its
 * final figures when the scope ends. Holds no parameter and no row.
 */
export interface Finding {
  /** Unique in this process, counted from 1. */
  readonly id: number
  readonly kind: FindingKind
  severity: FindingSeverity
  evidence: FindingEvidence
  /** Whether the figures are final. */
  closed: boolean
  readonly scope: Scope
  readonly database: DatabaseInfo | undefined
  /** The statement that crossed the threshold; `undefined` for what is no single statement's fault. */
  readonly execution: QueryExecution | undefined
  /** Of a transaction's finding. */
  readonly transaction: TransactionExecution | undefined
  /** Fingerprint and summary of the statement; `undefined` where there is none. */
  readonly fingerprint: string | undefined
  readonly summary: string | undefined
  /** How many executions, transactions or waits it is about. */
  count: number
  /** How many of them had parameters of their own; of very many at least so many. */
  distinctCount: number
  /** How many of them, done right, would not have been necessary. */
  avoidableCount: number
  /** The sum of their durations, in milliseconds; of transactions the longest one's, of waits the sum. */
  durationMillis: number
  /** The part of that sum in which another one of them was running too, in milliseconds. */
  overlappingMillis: number
  /** What share of the scope's time they ran in, from 0 to 1; `undefined` as long as it is open. */
  share: number | undefined
  /** The line of the loop, or of the only call. */
  readonly callSite: CallSite | undefined
  /** From the call that reached the database outwards, the frames of the application. */
  readonly frames: readonly CallSite[]
  /** The lines of all calls, where there are several: of a duplicate all that asked for the same. */
  callSites: readonly CallSite[]
  source: FindingSource | undefined
  /** What to write instead, in Kysely's terms. */
  suggestion: string
  /** All of it in one line for a person. */
  message: string
}
