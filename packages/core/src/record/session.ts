import type { NameInCode } from '../findings/suggest/looped-statement.js'
import type { Timing } from '../timing.js'
import { shapeCacheOf, type ShapeCache } from '../sql/shape/shape-cache.js'
import type { ConnectionUse } from '../messages/connection-use.js'
import type { RecordedDatabase } from './recorded-database.js'
import type { TransactionExecution } from '../messages/transaction-execution.js'

/** A connection that is in use, since a time by the monotonic clock. */
export interface OpenUse {
  readonly use: ConnectionUse
  readonly since: number
}

/** What an adapter keeps for each connection that it has handed out. */
export interface Session extends RecordedDatabase {
  readonly shapes: ShapeCache
  readonly nameInCode: NameInCode
  /** The uses that are not over: more than one where a driver hands out one connection to all. */
  readonly uses: OpenUse[]
  /** How long the pool took, in milliseconds, until the first statement has taken the figure. */
  connectionWaitMillis: number | undefined
  /** The transaction that is open on the connection. */
  transaction: TransactionExecution | undefined
  /** When it began, by the monotonic clock. */
  transactionStartedAt: number
  /** When statements run in it. */
  transactionTiming: Timing | undefined
  /** Whether the driver is sending a transaction command at the moment, rather than a statement of the application. */
  inTransactionCommand: boolean
}

/** The session of a connection that is new to its adapter. */
export function createSession({ database, shapes, findings, nameInCode }: RecordedDatabase): Session {
  return {
    database,
    shapes: shapes ?? shapeCacheOf({ dialect: database.system }),
    findings,
    nameInCode: nameInCode ?? ((name) => name),
    uses: [],
    connectionWaitMillis: undefined,
    transaction: undefined,
    transactionStartedAt: 0,
    transactionTiming: undefined,
    inTransactionCommand: false,
  }
}
