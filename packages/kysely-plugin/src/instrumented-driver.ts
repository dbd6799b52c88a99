import {
  isRecordingConnections,
  isRecordingTransactions,
  recordAcquisition,
  recordBegin,
  recordCommand,
  recordRelease,
  recordRolledBack,
  type RecordedDatabase,
  type TransactionCommand,
} from '@querylens/core/recorder'
import type { AbortableOperationOptions, DatabaseConnection, Driver, TransactionSettings } from 'kysely'

import { instrumentConnection, sessionOf } from './instrumented-connection.js'

type SavepointMethod = NonNullable<Driver['savepoint']>

/** Forwards to another driver and records its connections and transactions. */
export class InstrumentedDriver implements Driver {
  declare readonly savepoint?: SavepointMethod
  declare readonly rollbackToSavepoint?: SavepointMethod
  declare readonly releaseSavepoint?: SavepointMethod
  readonly #inner: Driver
  readonly #recorded: RecordedDatabase

  constructor(inner: Driver, recorded: RecordedDatabase) {
    this.#inner = inner
    this.#recorded = recorded
    // Kysely concludes from the presence of these methods what the driver supports.
    for (const method of ['savepoint', 'rollbackToSavepoint', 'releaseSavepoint'] as const) {
      if (inner[method] !== undefined) this[method] = recordSavepoint(inner, method)
    }
  }

  init(options?: AbortableOperationOptions): Promise<void> {
    return this.#inner.init(options)
  }

  acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    const acquire = () => this.#inner.acquireConnection(options)
    const instrument = (connection: DatabaseConnection) => instrumentConnection(connection, this.#recorded)
    if (isRecordingConnections())
      return recordAcquisition(this.#recorded, acquire, instrument, options?.signal)
    return Promise.resolve(acquire()).then((connection) => {
      instrument(connection)
      return connection
    })
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const begin = () => this.#inner.beginTransaction(connection, settings)
    const session = sessionOf(connection)
    await (session !== undefined && isRecordingTransactions()
      ? recordBegin(session, settings, begin)
      : begin())
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await runCommand(connection, 'commit', () => this.#inner.commitTransaction(connection))
    } catch (error) {
      const session = sessionOf(connection)
      if (session !== undefined && isAbortedTransaction(error)) recordRolledBack(session)
      throw error
    }
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await runCommand(connection, 'rollback', () => this.#inner.rollbackTransaction(connection))
  }

  releaseConnection(connection: DatabaseConnection, options?: AbortableOperationOptions): Promise<void> {
    const session = sessionOf(connection)
    if (session !== undefined) recordRelease(session)
    return this.#inner.releaseConnection(connection, options)
  }

  destroy(options?: AbortableOperationOptions): Promise<void> {
    return this.#inner.destroy(options)
  }
}

/** Kysely's mark of an `AbortedTransactionError`, which all copies share. Older versions do not export the class. */
const ABORTED_TRANSACTION: unique symbol = Symbol.for('kysely.AbortedTransactionError')

/** Whether the database answered a commit with a rollback. Kysely sends no rollback after it. */
function isAbortedTransaction(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ABORTED_TRANSACTION in error
}

function recordSavepoint(
  inner: Driver,
  method: 'savepoint' | 'rollbackToSavepoint' | 'releaseSavepoint',
): SavepointMethod {
  return (connection, name, compileQuery) =>
    runCommand(connection, 'savepoint', () => inner[method]!(connection, name, compileQuery))
}

async function runCommand(
  connection: DatabaseConnection,
  command: TransactionCommand,
  operation: () => Promise<void>,
): Promise<void> {
  const session = sessionOf(connection)
  await (session === undefined ? operation() : recordCommand(session, command, operation))
}
