import type { CallSite } from './call-site.js'
import type { DatabaseInfo } from './database-info.js'
import type { QueryExecution } from './query-execution.js'
import type { Scope } from './scope.js'
import type { TransactionExecution } from './transaction-execution.js'

/**
 * All kinds of findings, by name. Each kind adds its own name in its own file below `findings/kinds/`, and says there
 * what it is.
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- it is filled in by the files of the kinds
export interface FindingKinds {}

/** The name of a kind of finding, such as `n_plus_one`. `docs/FINDINGS.md` has all of them. */
export type FindingKind = keyof FindingKinds

/** How much a finding costs its scope: by the number of executions, and by the share of the scope's time. */
export type FindingSeverity = 'low' | 'medium' | 'high'

/**
 * - `proven`: the parameters of the repeats are values that one earlier statement of the scope returned
 * - `repeated`: the statement ran often enough, with different parameters; nothing proves a loop over rows
 * - `measured`: a figure is at or above its limit
 */
export type FindingEvidence = 'proven' | 'repeated' | 'measured'

/** The statement whose rows supplied the parameters of the repeats. */
export interface FindingSource {
  readonly execution: QueryExecution
  /** The column of its rows, as the database calls it, such as `id`; `undefined` where it may be an expression. */
  readonly column: string | undefined
  /** Where the application ran it, if Querylens knows that. */
  readonly callSite: CallSite | undefined
}

/**
 * A problem in how a scope uses the database. It holds no parameter and no row.
 *
 * `querylens:finding:opened` publishes it in the call that reaches the limit, with the figures so far.
 * `querylens:finding` publishes the same object once more when its scope ends, with its final figures.
 */
export interface Finding {
  /** Unique in this process, counted from 1. */
  readonly id: number
  readonly kind: FindingKind
  /** The kind in words, such as `N+1`. */
  readonly label: string
  readonly severity: FindingSeverity
  readonly evidence: FindingEvidence
  /** Whether the figures are final. */
  readonly closed: boolean
  readonly scope: Scope
  readonly database: DatabaseInfo | undefined
  /** The statement that reached the limit; `undefined` where no single statement is the cause. */
  readonly execution: QueryExecution | undefined
  /** The transaction that the finding is about, if it is about one. */
  readonly transaction: TransactionExecution | undefined
  /** Fingerprint and summary of the statement; `undefined` where there is none. */
  readonly fingerprint: string | undefined
  readonly summary: string | undefined
  /** Number of executions, transactions or waits; of a cache stampede the number of scopes. */
  readonly count: number
  /** Number of distinct parameter sets; a lower bound above 2,000. */
  readonly distinctCount: number
  /** How many of the executions the cure would save. */
  readonly avoidableCount: number
  /** The sum of the durations, in milliseconds; of long or idle transactions the longest, of waits the
   * time in which at least one lasted. */
  readonly durationMillis: number
  /** The part of that sum in which another one of them ran as well, in milliseconds. */
  readonly overlappingMillis: number
  /** The share of the scope's time in which they ran, from 0 to 1; `undefined` while the finding is open. */
  readonly share: number | undefined
  /** The line of the loop, or of the only call. */
  readonly callSite: CallSite | undefined
  /** Why there is no call site, in words, if there is a reason: the file is minified, and Node has no source map of it. */
  readonly noCallSite: string | undefined
  /**
   * The lines that lead to the query, from the query outwards, at most three: to the line of the loop where it is known,
   * and otherwise to the function in which the application's own code begins, such as the handler of a route.
   */
  readonly path: readonly CallSite[]
  /** The frames of the application, from the call that reached the database outwards. */
  readonly frames: readonly CallSite[]
  /** The lines of all calls, where there are several: of a duplicate, every call that asked for the same. */
  readonly callSites: readonly CallSite[]
  readonly source: FindingSource | undefined
  /** What to write instead, in Kysely's terms. */
  readonly suggestion: string
  /** The whole finding in one line for a person. */
  readonly message: string
}
