import type { ConnectionUse } from '../messages/connection-use.js'
import { channels } from '../messages/channels.js'
import { toEpochMillis } from '../clock.js'
import { currentScope } from '../scope/scope.js'
import type { Scope } from '../messages/scope.js'
import type { DatabaseInfo } from '../messages/database-info.js'
import { detectorFor, guard } from './detection.js'
import { wakeDormantListeners } from '../messages/dormant-listeners.js'
import { isRecordingQueries } from './query-execution.js'
import type { RecordedDatabase } from './recorded-database.js'
import type { Session } from './session.js'
import { finishOperation, startOperation } from './trace-operation.js'
import type { TracedOperation } from '../messages/traced-operation.js'
import { leaveTransaction } from './transaction-execution.js'

/** Whether anything wants to know of connections. */
export function isRecordingConnections(): boolean {
  wakeDormantListeners()
  return channels.connection.hasSubscribers || isRecordingQueries()
}

/**
 * Traces on `querylens:connection` how a connection is obtained; its session begins a use.
 *
 * @param signal the caller's: when it fires, the caller has given up, though the pool goes on looking
 */
export async function recordAcquisition<Connection>(
  recorded: RecordedDatabase,
  acquire: () => Promise<Connection>,
  sessionOf: (connection: Connection) => Session,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const startedAt = performance.now()
  const { database } = recorded
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
  const finish = (session: Session | undefined): void => {
    if (use.waitMillis !== undefined) return
    finishOperation(
      channels.connection,
      use,
      () => {
        const since = performance.now()
        use.waitMillis = since - startedAt
        session?.uses.push({ use, since })
        if (session !== undefined) session.connectionWaitMillis = use.waitMillis
      },
      undefined,
    )
    const { waitMillis = 0 } = use
    guard(() => detectorFor(recorded, use.scope)?.connectionWaited(database, waitMillis))
  }
  const fail = (error: unknown): void => {
    if (use.waitMillis !== undefined) return
    use.failed = true
    use.error = error
    finish(undefined)
  }
  const abort = onAbort(signal, () => fail(signal?.reason))
  try {
    const connection = await startOperation(channels.connection, use, acquire)
    finish(sessionOf(connection))
    return connection
  } catch (error) {
    fail(error)
    throw error
  } finally {
    abort?.stop()
  }
}

/** A listener on a signal of its own: one on the caller's would count towards Node's warning of too many. */
function onAbort(signal: AbortSignal | undefined, listener: () => void): { stop(): void } | undefined {
  if (signal === undefined || signal.aborted) return undefined
  const own = AbortSignal.any([signal])
  own.addEventListener('abort', listener, { once: true })
  return { stop: () => own.removeEventListener('abort', listener) }
}

/** Ends what a connection that goes back to its pool leaves open: its use, and a transaction that nobody ended. */
export function recordRelease(session: Session): void {
  const open = session.uses.shift()
  // A connection that others still use may be in their transaction.
  if (session.uses.length === 0) leaveTransaction(session)
  session.connectionWaitMillis = undefined
  if (open === undefined) return
  open.use.useMillis = performance.now() - open.since
  channels.release.publish(open.use)
}
