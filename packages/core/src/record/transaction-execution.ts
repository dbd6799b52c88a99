import { channels } from '../channels.js'
import { toEpochMillis } from '../clock.js'
import { currentScope, type Scope } from '../scope/scope.js'
import type { DatabaseInfo } from './database-info.js'
import { recordQuery } from './query-execution.js'
import type { Session } from './session.js'
import { finishOperation, type TracedOperation } from './trace-operation.js'

/**
 * - `active`: not over yet
 * - `committed`, `rolled_back`: as the application asked, or as the database answered to a commit
 * - `failed`: begin or rollback failed, or commit did and nobody rolled back; see `error`
 * - `abandoned`: the connection went back to the pool without commit or rollback
 */
export type TransactionOutcome = 'active' | 'committed' | 'rolled_back' | 'failed' | 'abandoned'

/** A transaction from begin to commit or rollback; the message of `querylens:transaction`. */
export interface TransactionExecution extends TracedOperation {
  /** Unique in this process, counted from 1. */
  readonly id: number
  readonly database: DatabaseInfo
  readonly scope: Scope | undefined
  /** Such as `repeatable read`; `undefined` for the database's default. */
  readonly isolationLevel: string | undefined
  /** `read only` or `read write`; `undefined` for the database's default. */
  readonly accessMode: string | undefined
  /** Milliseconds since the epoch, with fractions. */
  readonly startTimeMillis: number
  durationMillis: number | undefined
  /** Statements that the application ran in it. */
  queryCount: number
  outcome: TransactionOutcome
}

/** The settings that a transaction begins with. */
export interface TransactionOptions {
  readonly isolationLevel?: string | undefined
  readonly accessMode?: string | undefined
}

/** The commands that a driver sends for its application. */
export type TransactionCommand =
  | 'commit'
  | 'rollback'
  | 'savepoint'
  | 'rollback to savepoint'
  | 'release savepoint'

let lastId = 0

/** Whether anything wants to know of transactions. */
export function isRecordingTransactions(): boolean {
  return channels.transaction.hasSubscribers || channels.query.hasSubscribers
}

/** Opens a transaction on the session and runs `begin`, which becomes its first statement. */
export async function recordBegin(
  session: Session,
  options: TransactionOptions,
  begin: () => Promise<void>,
): Promise<void> {
  const transaction: TransactionExecution = {
    id: ++lastId,
    database: session.database,
    scope: currentScope(),
    isolationLevel: options.isolationLevel,
    accessMode: options.accessMode,
    startTimeMillis: toEpochMillis(performance.now()),
    durationMillis: undefined,
    queryCount: 0,
    outcome: 'active',
    failed: false,
    error: undefined,
    activate: undefined,
  }
  session.transaction = transaction
  channels.transaction.start.publish(transaction)
  channels.transaction.end.publish(transaction)
  try {
    await recordQuery(session, beginStatement(options), begin, { kind: 'transaction_control' })
  } catch (error) {
    transaction.failed = true
    transaction.error = error
    endTransaction(session, 'failed')
    throw error
  }
}

/**
 * Runs a transaction command as a statement of the session's transaction.
 *
 * A commit that fails leaves the transaction open: the adapter's caller rolls back, or gives the connection
 * back, and only then it is over.
 */
export async function recordCommand(
  session: Session,
  command: TransactionCommand,
  operation: () => Promise<void>,
): Promise<void> {
  try {
    await recordQuery(session, command, operation, { kind: 'transaction_control' })
  } catch (error) {
    const { transaction } = session
    if (transaction !== undefined && (command === 'commit' || command === 'rollback')) {
      transaction.failed = true
      transaction.error = error
    }
    if (command === 'rollback') endTransaction(session, 'failed')
    throw error
  }
  if (command === 'commit') endTransaction(session, 'committed')
  if (command === 'rollback') endTransaction(session, 'rolled_back')
}

/** Closes the transaction of the session, if one is open. */
export function endTransaction(session: Session, outcome: TransactionOutcome): void {
  const { transaction } = session
  if (transaction === undefined) return
  session.transaction = undefined
  finishOperation(
    channels.transaction,
    transaction,
    (message) => {
      message.durationMillis = toEpochMillis(performance.now()) - message.startTimeMillis
      message.outcome = outcome
    },
    undefined,
    transaction.failed,
  )
}

/**
 * The statement in standard SQL. Drivers send their own, some of them none (SQL Server has a request of
 * its protocol for it), so this is what telemetry shows for all of them.
 */
function beginStatement({ isolationLevel, accessMode }: TransactionOptions): string {
  if (isolationLevel === undefined && accessMode === undefined) return 'begin'
  const level = isolationLevel === undefined ? '' : ` isolation level ${isolationLevel}`
  const mode = accessMode === undefined ? '' : ` ${accessMode}`
  return `start transaction${level}${mode}`
}
