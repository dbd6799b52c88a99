import { isRecordingQueries, recordQuery, recordStream, type ConnectionUse, type Session } from '@querylens/core'
import type { AbortableOperationOptions, CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'

/**
 * A connection like the one inside it, except that its statements are watched. While nobody listens, it
 * forwards at once.
 */
export class InstrumentedConnection implements DatabaseConnection {
  declare readonly cancelQuery?: NonNullable<DatabaseConnection['cancelQuery']>
  declare readonly collectSessionInfo?: NonNullable<DatabaseConnection['collectSessionInfo']>
  declare readonly killSession?: NonNullable<DatabaseConnection['killSession']>
  readonly inner: DatabaseConnection
  readonly session: Session
  /** The recorded uses that are not over: more than one where a driver hands out one connection to all. */
  readonly uses: ConnectionUse[] = []

  constructor(inner: DatabaseConnection, session: Session) {
    this.inner = inner
    this.session = session
    // Kysely tests for the presence of these methods to know what the connection can do.
    if (inner.cancelQuery) this.cancelQuery = (provider) => inner.cancelQuery!(provider)
    if (inner.collectSessionInfo) this.collectSessionInfo = () => inner.collectSessionInfo!()
    if (inner.killSession) this.killSession = (provider) => inner.killSession!(provider)
  }

  executeQuery<Row>(query: CompiledQuery, options?: AbortableOperationOptions): Promise<QueryResult<Row>> {
    if (!isRecordingQueries()) return this.inner.executeQuery<Row>(query, options)
    return recordQuery(this.session, query.sql, () => this.inner.executeQuery<Row>(query, options), options)
  }

  streamQuery<Row>(
    query: CompiledQuery,
    chunkSize: number,
    options?: AbortableOperationOptions,
  ): AsyncIterableIterator<QueryResult<Row>> {
    const open = (): AsyncIterableIterator<QueryResult<Row>> =>
      this.inner.streamQuery<Row>(query, chunkSize, options)
    return isRecordingQueries() ? recordStream(this.session, query.sql, open, options?.signal) : open()
  }
}
