import type { ConnectionUse } from './connection-use.js'
import type { DatabaseInfo } from './database-info.js'
import type { TransactionExecution } from './transaction-execution.js'

/** What an adapter keeps for each connection that it has handed out. */
export interface Session {
  readonly database: DatabaseInfo
  /** The use of the connection that the next statement is the first of. */
  use: ConnectionUse | undefined
  /** The transaction that is open on the connection. */
  transaction: TransactionExecution | undefined
}

/** The session of a connection that is new to its adapter. */
export function createSession(database: DatabaseInfo): Session {
  return { database, use: undefined, transaction: undefined }
}
