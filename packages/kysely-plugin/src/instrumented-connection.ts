import { processState, reportFault } from '@querylens/core/internal'
import {
  createSession,
  isRecordingQueries,
  recordQuery,
  recordStream,
  type RecordedDatabase,
  type Session,
} from '@querylens/core/recorder'
import type { DatabaseConnection } from 'kysely'

/** All copies of this package share it, so that they never record a connection twice. */
const sessions = processState('sessions', () => new WeakMap<DatabaseConnection, Session>())

/**
 * Replaces `executeQuery` and `streamQuery` on a connection. A wrapper around the connection would not work: Kysely and its
 * drivers identify connections by reference and by private members, drivers send begin and commit over their own object,
 * and Kysely replaces `executeQuery` on that object when `log` is on. While nothing records queries, the driver gets each
 * statement at once.
 */
export function instrumentConnection(
  connection: DatabaseConnection,
  recorded: RecordedDatabase,
): Session | undefined {
  // A driver without a connection makes Kysely fail. The error has to be Kysely's.
  if (Object(connection) !== connection) return undefined
  let session = sessions.get(connection)
  if (session === undefined) {
    session = createSession(recorded)
    sessions.set(connection, session)
    replaceMethods(connection, session)
  }
  return session
}

/** The session of an instrumented connection; `undefined` for any other connection. */
export function sessionOf(connection: DatabaseConnection): Session | undefined {
  return sessions.get(connection)
}

function replaceMethods(connection: DatabaseConnection, session: Session): void {
  try {
    const { executeQuery, streamQuery } = connection
    if (typeof executeQuery === 'function') {
      replaceMethod(connection, 'executeQuery', function (query, options) {
        if (!isRecordingQueries()) return executeQuery.call(this, query, options) as never
        const operation = () => executeQuery.call(this, query, options)
        return recordQuery(session, query, operation, options?.signal) as never
      })
    }
    if (typeof streamQuery === 'function') {
      replaceMethod(connection, 'streamQuery', function (query, chunkSize, options) {
        const open = () => streamQuery.call(this, query, chunkSize, options)
        return (isRecordingQueries() ? recordStream(session, query, open, options?.signal) : open()) as never
      })
    }
  } catch (error) {
    // A frozen connection stays unchanged, and Querylens does not record its queries.
    reportFault('instrumenting a connection', error)
  }
}

function replaceMethod<Name extends 'executeQuery' | 'streamQuery'>(
  connection: DatabaseConnection,
  name: Name,
  value: (this: DatabaseConnection, ...args: Parameters<DatabaseConnection[Name]>) => never,
): void {
  Object.defineProperty(connection, name, { value, writable: true, configurable: true, enumerable: false })
}
