import { channels } from '../channels.js'
import { toEpochMillis } from '../clock.js'
import { currentScope, type Scope } from '../scope/scope.js'
import type { DatabaseInfo } from './database-info.js'
import { traceOperation, type TracedOperation } from './trace-operation.js'

/**
 * One use of a pooled connection: how long the pool kept the caller waiting, and how long the caller kept
 * the connection.
 */
export interface ConnectionUse extends TracedOperation {
  readonly database: DatabaseInfo
  readonly scope: Scope | undefined
  /** When the pool was asked, in milliseconds since the epoch. */
  readonly startTimeMillis: number
  /** From the request to the pool to its answer, in milliseconds; `undefined` while waiting. */
  waitMillis: number | undefined
  /** From the pool's answer to the release, in milliseconds; `undefined` before the release. */
  useMillis: number | undefined
}

/**
 * Traces on `querylens:connection` how a connection is obtained.
 *
 * @returns the message, which {@link recordRelease} takes later, and the pool's own answer
 */
export function recordAcquisition<Connection>(
  database: DatabaseInfo,
  acquire: () => Promise<Connection>,
): { readonly use: ConnectionUse; readonly connection: Promise<Connection> } {
  const startedAt = performance.now()
  const use: ConnectionUse = {
    database,
    scope: currentScope(),
    startTimeMillis: toEpochMillis(startedAt),
    waitMillis: undefined,
    useMillis: undefined,
    failed: false,
    error: undefined,
    activate: undefined,
  }
  const connection = traceOperation(channels.connection, use, acquire, (message) => {
    message.waitMillis = performance.now() - startedAt
  })
  return { use, connection }
}

/** Publishes on `querylens:connection:release` that a connection goes back to its pool. */
export function recordRelease(use: ConnectionUse): void {
  if (use.waitMillis === undefined || use.useMillis !== undefined) return
  use.useMillis = Math.max(0, toEpochMillis(performance.now()) - use.startTimeMillis - use.waitMillis)
  channels.release.publish(use)
}
