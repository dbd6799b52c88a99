import { shapeCacheOf, type ShapeCache } from '../sql/shape-cache.js'
import type { ConnectionUse } from './connection-use.js'
import type { DatabaseInfo } from './database-info.js'
import type { TransactionExecution } from './transaction-execution.js'

/** A connection that is in use, since a time by the monotonic clock. */
export interface OpenUse {
  readonly use: ConnectionUse
  readonly since: number
}

/** What an adapter keeps for each connection that it has handed out. */
export interface Session {
  readonly database: DatabaseInfo
  /** Knows the shapes of the statements that this kind of database was sent. */
  readonly shapes: ShapeCache
  /** The uses that are not over: more than one where a driver hands out one connection to all. */
  readonly uses: OpenUse[]
  /** How long the pool took, in milliseconds, until the first statement has taken the figure. */
  connectionWaitMillis: number | undefined
  /** The transaction that is open on the connection. */
  transaction: TransactionExecution | undefined
  /** When it began, by the monotonic clock. */
  transactionStartedAt: number
  /** Whether the driver is sending a transaction command at the moment, rather than a statement of the application. */
  inTransactionCommand: boolean
}

/**
 * The session of a connection that is new to its adapter.
 *
 * @param shapes reads its statements
 */
export function createSession(
  database: DatabaseInfo,
  shapes: ShapeCache = shapeCacheOf({ dialect: database.system }),
): Session {
  return {
    database,
    shapes,
    uses: [],
    connectionWaitMillis: undefined,
    transaction: undefined,
    transactionStartedAt: 0,
    inTransactionCommand: false,
  }
}
