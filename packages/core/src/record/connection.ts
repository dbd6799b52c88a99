import { toEpochMillis } from '../clock.js'
import type { Activatable } from '../messages/activate.js'
import { channels } from '../messages/channels.js'
import type { ConnectionUse } from '../messages/connection-use.js'
import { wakeDormantListeners } from '../messages/dormant-listeners.js'
import type { Mutable } from '../mutable.js'
import { operationEnds, operationStarts, scopeOfAcquisition } from '../scope/later-scope.js'
import { detectorFor, guard } from './detection.js'
import { isRecordingQueries } from './record-query.js'
import type { RecordedDatabase } from './recorded-database.js'
import type { Session } from './session.js'
import { finishOperation, startOperation } from './trace-operation.js'
import { leaveTransaction } from './transaction.js'

/** Whether anything needs records of connections. */
export function isRecordingConnections(): boolean {
  wakeDormantListeners()
  return channels.connection.hasSubscribers || isRecordingQueries()
}

/**
 * Publishes on `querylens:connection` how long the pool takes, and begins a use in the connection's session.
 *
 * @param signal the caller's abort signal. When it fires, the wait ends for the caller, although the pool continues
 */
export async function recordAcquisition<Connection>(
  recorded: RecordedDatabase,
  acquire: () => Promise<Connection>,
  sessionOf: (connection: Connection) => Session,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const startedAt = performance.now()
  const { database } = recorded
  const use: Mutable<ConnectionUse> & Activatable = {
    database,
    scope: scopeOfAcquisition(),
    startTimeMillis: toEpochMillis(startedAt),
    waitMillis: undefined,
    useMillis: undefined,
    failed: false,
    error: undefined,
    activate: undefined,
  }
  operationStarts(use.scope)
  const finish = (session: Session | undefined): void => {
    if (use.waitMillis !== undefined) return
    finishOperation(channels.connection, use, () => {
      const since = performance.now()
      use.waitMillis = since - startedAt
      session?.uses.push({ use, since })
      if (session !== undefined) session.connectionWaitMillis = use.waitMillis
    })
    const { waitMillis = 0 } = use
    guard(() => detectorFor(recorded, use.scope)?.connectionWaited(database, waitMillis))
  }
  const fail = (error: unknown): void => {
    if (use.waitMillis !== undefined) return
    use.failed = true
    use.error = error
    finish(undefined)
    operationEnds(use.scope)
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

/** Listens on a derived signal: a listener on the caller's signal would count towards Node's limit for listeners. */
function onAbort(signal: AbortSignal | undefined, listener: () => void): { stop(): void } | undefined {
  if (signal === undefined || signal.aborted) return undefined
  const own = AbortSignal.any([signal])
  own.addEventListener('abort', listener, { once: true })
  return { stop: () => own.removeEventListener('abort', listener) }
}

/** Ends the use of a connection that returns to its pool, and a transaction that neither commit nor rollback has ended. */
export function recordRelease(session: Session): void {
  const open = session.uses.shift()
  // Other uses of the same connection may be in the transaction.
  if (session.uses.length === 0) leaveTransaction(session)
  session.connectionWaitMillis = undefined
  if (open === undefined) return
  open.use.useMillis = performance.now() - open.since
  operationEnds(open.use.scope)
  channels.release.publish(open.use)
}
