import { channels } from '../channels.js'
import { toEpochMillis } from '../clock.js'
import { currentScope, type Scope } from '../scope/scope.js'
import type { DatabaseInfo } from './database-info.js'
import { wakeDormantListeners } from './dormant-listeners.js'
import { isRecordingQueries } from './query-execution.js'
import type { Session } from './session.js'
import { traceOperation, type TracedOperation } from './trace-operation.js'
import { endTransaction } from './transaction-execution.js'

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

/** Whether anything wants to know of connections. */
export function isRecordingConnections(): boolean {
  wakeDormantListeners()
  return channels.connection.hasSubscribers || isRecordingQueries()
}

/** Traces on `querylens:connection` how a connection is obtained; its session begins a use. */
export function recordAcquisition<Connection>(
  database: DatabaseInfo,
  acquire: () => Promise<Connection>,
  sessionOf: (connection: Connection) => Session,
): Promise<Connection> {
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
  return traceOperation(channels.connection, use, acquire, (message, connection) => {
    message.waitMillis = performance.now() - startedAt
    if (connection === undefined) return
    const session = sessionOf(connection)
    session.uses.push(message)
    session.connectionWaitMillis = message.waitMillis
  })
}

/** Ends what a connection that goes back to its pool leaves open: its use, and a transaction that nobody ended. */
export function recordRelease(session: Session): void {
  const { transaction } = session
  if (transaction !== undefined) endTransaction(session, transaction.failed ? 'failed' : 'abandoned')
  session.connectionWaitMillis = undefined
  const use = session.uses.shift()
  if (use === undefined) return
  use.useMillis = Math.max(0, toEpochMillis(performance.now()) - use.startTimeMillis - (use.waitMillis ?? 0))
  channels.release.publish(use)
}
