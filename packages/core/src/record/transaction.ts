import { clock, toEpochMillis } from '../clock.js'
import { enterTransaction } from '../findings/memory/surrounding-transaction.js'
import { latestIds } from '../ids.js'
import type { Activatable } from '../messages/activate.js'
import { channels } from '../messages/channels.js'
import type { TransactionExecution, TransactionOutcome } from '../messages/transaction-execution.js'
import type { Mutable } from '../mutable.js'
import { isDetecting } from '../scope/demand.js'
import { scopeOfOperation } from '../scope/later-scope.js'
import { isRecordingQueries } from '../scope/recording.js'
import { Timing } from '../timing.js'
import { detectorFor, guard } from './detection.js'
import type { Session } from './session.js'
import { finishOperation } from './trace-operation.js'

/** The settings that a transaction begins with. */
export interface TransactionOptions {
  readonly isolationLevel?: string | undefined
  readonly accessMode?: string | undefined
}

/** The commands of a transaction after its begin. */
export type TransactionCommand = 'commit' | 'rollback' | 'savepoint'

/** Whether anything needs records of transactions. With queries, or their begin and commit would count as queries. */
export function isRecordingTransactions(): boolean {
  return channels.transaction.hasSubscribers || isRecordingQueries()
}

/** Opens a transaction on the session and runs `begin`, whose statement becomes its first. */
export async function recordBegin(
  session: Session,
  options: TransactionOptions | undefined,
  begin: () => Promise<void>,
): Promise<void> {
  const startedAt = clock.now()
  const transaction: Mutable<TransactionExecution> & Activatable = {
    id: ++latestIds.transaction,
    database: session.database,
    scope: scopeOfOperation(session.uses.at(-1)?.use.scope),
    isolationLevel: options?.isolationLevel,
    accessMode: options?.accessMode,
    startTimeMillis: toEpochMillis(startedAt),
    durationMillis: undefined,
    idleMillis: undefined,
    queryCount: 0,
    outcome: 'active',
    failed: false,
    error: undefined,
    activate: undefined,
  }
  if (isDetecting()) enterTransaction(transaction)
  leaveTransaction(session)
  session.transaction = transaction
  session.transactionStartedAt = startedAt
  session.transactionTiming = new Timing()
  channels.transaction.start.publish(transaction)
  channels.transaction.end.publish(transaction)
  try {
    await runCommand(session, begin)
  } catch (error) {
    failTransaction(transaction, error)
    endTransaction(session, 'failed')
    throw error
  }
}

/**
 * Runs a command of the session's transaction.
 *
 * A commit that fails leaves the transaction open: it is over when the adapter's caller rolls back or releases the
 * connection, or when the adapter calls {@link recordRolledBack}.
 */
export async function recordCommand(
  session: Session,
  command: TransactionCommand,
  operation: () => Promise<void>,
): Promise<void> {
  try {
    await runCommand(session, operation)
  } catch (error) {
    if (command !== 'savepoint' && session.transaction !== undefined)
      failTransaction(session.transaction, error)
    if (command === 'rollback') endTransaction(session, 'failed')
    throw error
  }
  if (command === 'commit') endTransaction(session, 'committed')
  if (command === 'rollback') endTransaction(session, 'rolled_back')
}

/**
 * Closes the session's transaction after a commit that failed because the database rolled back instead. No rollback
 * follows then.
 */
export function recordRolledBack(session: Session): void {
  endTransaction(session, 'rolled_back')
}

/** The driver sends the command's statements over the connection of the session. */
async function runCommand(session: Session, operation: () => Promise<void>): Promise<void> {
  const scope = session.transaction?.scope
  session.inTransactionCommand = true
  guard(() => detectorFor(session, scope)?.commandStarts())
  try {
    await operation()
  } finally {
    session.inTransactionCommand = false
    guard(() => detectorFor(session, scope)?.commandEnds())
  }
}

function failTransaction(transaction: Mutable<TransactionExecution>, error: unknown): void {
  transaction.failed = true
  transaction.error = error
}

/** Closes a transaction that neither commit nor rollback has ended. */
export function leaveTransaction(session: Session): void {
  if (session.transaction !== undefined) {
    endTransaction(session, session.transaction.failed ? 'failed' : 'abandoned')
  }
}

/** Closes the transaction of the session, if one is open. */
function endTransaction(session: Session, outcome: TransactionOutcome): void {
  const { transaction, transactionTiming: timing } = session
  if (transaction === undefined) return
  session.transaction = undefined
  session.transactionTiming = undefined
  finishOperation(channels.transaction, transaction, () => {
    const durationMillis = clock.now() - session.transactionStartedAt
    transaction.durationMillis = durationMillis
    transaction.idleMillis = Math.max(0, durationMillis - (timing?.busyMillis ?? 0))
    transaction.outcome = outcome
    // Before the end is published: a finding then meets the transaction's span while that is open.
    guard(() => detectorFor(session, transaction.scope)?.transactionEnds(transaction))
  })
}
