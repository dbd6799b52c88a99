import type { DatabaseInfo } from './database-info.js'
import type { Scope } from './scope.js'
import type { TracedOperation } from './traced-operation.js'

/**
 * One use of a pooled connection: how long the pool kept the caller waiting, and how long the caller kept
 * the connection.
 */
export interface ConnectionUse extends TracedOperation {
  readonly database: DatabaseInfo
  readonly scope: Scope | undefined
  /** When the pool was asked, in milliseconds since the epoch. */
  readonly startTimeMillis: number
  /** Time until the pool returned the connection, in milliseconds; `undefined` while waiting. */
  readonly waitMillis: number | undefined
  /** Time from then to the release, in milliseconds; `undefined` before the release. */
  readonly useMillis: number | undefined
}
