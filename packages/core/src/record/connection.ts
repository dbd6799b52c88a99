import { clock, toEpochMillis } from '../clock.js'
import type { Activatable } from '../messages/activate.js'
import { channels } from '../messages/channels.js'
import type { ConnectionUse } from '../messages/connection-use.js'
import { wakeDormantListeners } from '../messages/dormant-listeners.js'
import type { Mutable } from '../mutable.js'
import { captureOperationEnds, captureOperationStarts } from '../scope/captures.js'
import { operationEnds, operationStarts, scopeOfAcquisition } from '../scope/later-scope.js'
import { isRecordingQueries } from '../scope/recording.js'
import { onAbort, reasonOf, type CallerSignal } from './caller-signal.js'
import { detectorFor, guard, guardIn } from './detection.js'
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
 * @param sessionOf opens the session of a connection; `undefined` for a connection that cannot have one
 * @param signal the caller's abort signal. When it fires, the wait ends for the caller, although the pool continues
 * @throws FindingError in the mode `throw`, before the pool is asked
 */
export async function recordAcquisition<Connection>(
  recorded: RecordedDatabase,
  acquire: () => Promise<Connection>,
  sessionOf: (connection: Connection) => Session | undefined,
  signal: CallerSignal,
): Promise<Connection> {
  const { database } = recorded
  const scope = scopeOfAcquisition()
  guardIn(scope, () => detectorFor(recorded, scope)?.connectionRequested(database, recordAcquisition))
  const startedAt = clock.now()
  const use: Mutable<ConnectionUse> & Activatable = {
    database,
    scope,
    startTimeMillis: toEpochMillis(startedAt),
    waitMillis: undefined,
    useMillis: undefined,
    failed: false,
    error: undefined,
    activate: undefined,
  }
  operationStarts(scope)
  const capture = captureOperationStarts(scope)
  const finish = (session: Session | undefined): void => {
    if (use.waitMillis !== undefined) return
    finishOperation(channels.connection, use, () => {
      const since = clock.now()
      use.waitMillis = since - startedAt
      session?.uses.push({ use, since, capture })
      if (session !== undefined) session.connectionWaitMillis = use.waitMillis
    })
    const { waitMillis = 0 } = use
    guard(() => detectorFor(recorded, scope)?.connectionWaited(database, waitMillis))
    if (session !== undefined) return
    // Without a session nothing ends the use.
    operationEnds(scope)
    captureOperationEnds(capture)
  }
  const fail = (error: unknown): void => {
    if (use.waitMillis !== undefined) return
    use.failed = true
    use.error = error
    finish(undefined)
  }
  const stopListening = onAbort(signal, () => fail(reasonOf(signal)))
  try {
    const connection = await startOperation(channels.connection, use, acquire)
    finish(sessionOf(connection))
    return connection
  } catch (error) {
    fail(error)
    throw error
  } finally {
    stopListening()
  }
}

/** Ends the use of a connection that returns to its pool, and a transaction that neither commit nor rollback has ended. */
export function recordRelease(session: Session): void {
  const open = session.uses.shift()
  // Other uses of the same connection may be in the transaction.
  if (session.uses.length === 0) leaveTransaction(session)
  session.connectionWaitMillis = undefined
  if (open === undefined) return
  open.use.useMillis = clock.now() - open.since
  operationEnds(open.use.scope)
  captureOperationEnds(open.capture)
  channels.release.publish(open.use)
}
