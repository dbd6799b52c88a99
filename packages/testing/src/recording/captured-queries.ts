import type { DatabaseInfo, Finding, FindingKind } from '@querylens/core'

import type { CapturedQuery } from './captured-query.js'

/** What `captureQueries` resolves to: the queries that the code under test sent, in the order in which they started. */
export interface CapturedQueries<Result = unknown> extends Iterable<CapturedQuery> {
  /** What the function returned. */
  readonly result: Result
  /** The option `name` of the capture. */
  readonly name: string
  /** Without the statements that begin and end transactions. A refused query is one of them. */
  readonly queries: readonly CapturedQuery[]
  /** The length of `queries`. */
  readonly count: number
  /** With their final figures; those that an allowance accepts are left out. */
  readonly findings: readonly Finding[]
  /**
   * Queries that had not ended when the capture ended, and queries that started afterwards: the code under test did not await
   * them. More may follow while the test goes on.
   */
  readonly late: readonly CapturedQuery[]
  /** The sum of the durations of the queries, in milliseconds. */
  readonly durationMillis: number
  /** Queries of this process that ran at the same time and do not belong to the capture, by database. */
  readonly outside: readonly OutsideQueries[]
  /**
   * Number of statements that a driver sent for no instrumented Kysely instance while the capture was open, by driver. At least so
   * many of `mysql2` and `node:sqlite`; other drivers do not tell.
   */
  readonly unrecorded: ReadonlyMap<string, number>
  /** Connections that the code under test asked for and did not get, by database and code. */
  readonly failedConnections: readonly FailedConnections[]
  /** Databases with queries that were not checked for all kinds of findings, such as those with `detect: false`. */
  readonly undetected: readonly UndetectedKinds[]
}

/** The kinds of findings for which Querylens has not checked all queries to a database, because `detect` switches them off. */
export interface UndetectedKinds {
  readonly database: DatabaseInfo
  readonly kinds: readonly FindingKind[]
}

/** Connections to a database that failed for one reason. */
export interface FailedConnections {
  readonly database: DatabaseInfo
  readonly count: number
  /** The code of the error, such as `ECONNREFUSED` or `28P01`; `undefined` for an error without one. */
  readonly code: string | undefined
}

/** Queries that a capture did not follow. */
export interface OutsideQueries {
  readonly database: DatabaseInfo
  readonly count: number
  /** The name of the scope of the first one; `undefined` outside any scope. */
  readonly scopeName: string | undefined
  /** The summary of the first one. */
  readonly summary: string
}
