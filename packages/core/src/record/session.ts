import type { Mutable } from '../mutable.js'
import type { NameInCode } from '../name-in-code.js'
import type { Timing } from '../timing.js'
import { shapeCacheOf, type ShapeCache } from '../sql/shape/shape-cache.js'
import type { ConnectionUse } from '../messages/connection-use.js'
import type { Capture } from '../scope/capture.js'
import { registerDatabase, type DatabaseFigures } from './databases.js'
import type { RecordedDatabase } from './recorded-database.js'
import type { TransactionExecution } from '../messages/transaction-execution.js'

/** A use of a connection that is not over. */
export interface OpenUse {
  readonly use: Mutable<ConnectionUse>
  /** By the monotonic clock. */
  readonly since: number
  /** The capture that waits for its end. */
  readonly capture: Capture | undefined
}

/** The state that an adapter keeps for each connection. */
export interface Session extends RecordedDatabase {
  readonly shapes: ShapeCache
  readonly nameInCode: NameInCode
  /** Counts the statements of the database. */
  readonly figures: DatabaseFigures
  /** The uses that are not over: more than one where a driver hands out one connection to all. */
  readonly uses: OpenUse[]
  /** The wait for the pool, in milliseconds. The first statement on the connection reports it. */
  connectionWaitMillis: number | undefined
  /** The transaction that is open on the connection. */
  transaction: Mutable<TransactionExecution> | undefined
  /** When the transaction began, by the monotonic clock. */
  transactionStartedAt: number
  /** When statements run in the transaction. */
  transactionTiming: Timing | undefined
  /** Whether the driver is sending a transaction command, rather than a statement of the application. */
  inTransactionCommand: boolean
}

/** The session of a connection that is new to its adapter. */
export function createSession({ database, shapes, detect, nameInCode }: RecordedDatabase): Session {
  return {
    database,
    shapes: shapes ?? shapeCacheOf({ dialect: database.system }),
    detect,
    nameInCode: nameInCode ?? ((name) => name),
    figures: registerDatabase(database),
    uses: [],
    connectionWaitMillis: undefined,
    transaction: undefined,
    transactionStartedAt: 0,
    transactionTiming: undefined,
    inTransactionCommand: false,
  }
}
