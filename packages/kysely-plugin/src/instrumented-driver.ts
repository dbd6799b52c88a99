import {
  channels,
  createSession,
  endTransaction,
  isRecordingQueries,
  isRecordingTransactions,
  recordAcquisition,
  recordBegin,
  recordCommand,
  recordRelease,
  type ConnectionUse,
  type DatabaseInfo,
  type TransactionCommand,
} from '@querylens/core'
import type {
  AbortableOperationOptions,
  DatabaseConnection,
  Driver,
  QueryCompiler,
  TransactionSettings,
} from 'kysely'

import { InstrumentedConnection } from './instrumented-connection.js'

type SavepointMethod = NonNullable<Driver['savepoint']>

/**
 * Hands out {@link InstrumentedConnection}s, and the driver's own connections to the driver: its methods
 * rely on private members of them.
 */
export class InstrumentedDriver implements Driver {
  declare readonly savepoint?: SavepointMethod
  declare readonly rollbackToSavepoint?: SavepointMethod
  declare readonly releaseSavepoint?: SavepointMethod
  readonly #inner: Driver
  readonly #database: DatabaseInfo
  /** Kysely knows connections by identity: the same wrapper for the same connection. */
  readonly #wrappers = new WeakMap<DatabaseConnection, InstrumentedConnection>()

  constructor(inner: Driver, database: DatabaseInfo) {
    this.#inner = inner
    this.#database = database
    // Kysely tests for the presence of these methods to know what the driver can do.
    if (inner.savepoint) this.savepoint = this.#savepointMethod('savepoint', 'savepoint')
    if (inner.rollbackToSavepoint) {
      this.rollbackToSavepoint = this.#savepointMethod('rollbackToSavepoint', 'rollback to savepoint')
    }
    if (inner.releaseSavepoint) {
      this.releaseSavepoint = this.#savepointMethod('releaseSavepoint', 'release savepoint')
    }
  }

  init(options?: AbortableOperationOptions): Promise<void> {
    return this.#inner.init(options)
  }

  async acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    if (!channels.connection.hasSubscribers && !isRecordingQueries()) {
      return this.#wrap(await this.#inner.acquireConnection(options), undefined)
    }
    const { use, connection } = recordAcquisition(this.#database, () => this.#inner.acquireConnection(options))
    return this.#wrap(await connection, use)
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const { inner, session } = unwrap(connection)
    const begin = (): Promise<void> => this.#inner.beginTransaction(inner, settings)
    if (session === undefined || !isRecordingTransactions()) return await begin()
    await recordBegin(session, settings, begin)
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await runCommand(connection, 'commit', (inner) => this.#inner.commitTransaction(inner))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await runCommand(connection, 'rollback', (inner) => this.#inner.rollbackTransaction(inner))
  }

  async releaseConnection(connection: DatabaseConnection, options?: AbortableOperationOptions): Promise<void> {
    const wrapper = connection instanceof InstrumentedConnection ? connection : undefined
    if (wrapper !== undefined) {
      const { session } = wrapper
      const use = wrapper.uses.shift()
      if (session.transaction !== undefined) {
        endTransaction(session, session.transaction.failed ? 'failed' : 'abandoned')
      }
      session.use = undefined
      if (use !== undefined) recordRelease(use)
    }
    await this.#inner.releaseConnection(unwrap(connection).inner, options)
  }

  destroy(options?: AbortableOperationOptions): Promise<void> {
    return this.#inner.destroy(options)
  }

  #wrap(inner: DatabaseConnection, use: ConnectionUse | undefined): InstrumentedConnection {
    let wrapper = this.#wrappers.get(inner)
    if (wrapper === undefined) {
      wrapper = new InstrumentedConnection(inner, createSession(this.#database))
      this.#wrappers.set(inner, wrapper)
    }
    wrapper.session.use = use
    if (use !== undefined) wrapper.uses.push(use)
    return wrapper
  }

  #savepointMethod(
    method: 'savepoint' | 'rollbackToSavepoint' | 'releaseSavepoint',
    command: TransactionCommand,
  ): SavepointMethod {
    return (connection: DatabaseConnection, name: string, compileQuery: QueryCompiler['compileQuery']) =>
      runCommand(connection, command, (inner) => this.#inner[method]!(inner, name, compileQuery))
  }
}

/** Kysely may hand over a connection of its own making, such as one from another driver: that one passes. */
function unwrap(connection: DatabaseConnection): Pick<InstrumentedConnection, 'inner'> & {
  readonly session?: InstrumentedConnection['session']
} {
  return connection instanceof InstrumentedConnection ? connection : { inner: connection }
}

async function runCommand(
  connection: DatabaseConnection,
  command: TransactionCommand,
  operation: (inner: DatabaseConnection) => Promise<void>,
): Promise<void> {
  const { inner, session } = unwrap(connection)
  if (session === undefined || (session.transaction === undefined && !isRecordingQueries())) {
    return await operation(inner)
  }
  await recordCommand(session, command, () => operation(inner))
}
