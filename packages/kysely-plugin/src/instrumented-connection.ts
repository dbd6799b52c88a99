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
 * and Kysely replaces `executeQuery` on that object when `log` is on. While nothing subscribes, the driver gets each
 * statement at once.
 */
export function instrumentConnection(connection: DatabaseConnection, recorded: RecordedDatabase): Session {
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
  const { executeQuery, streamQuery } = connection
  const replacements: Pick<DatabaseConnection, 'executeQuery' | 'streamQuery'> = {
    executeQuery(query, options) {
      if (!isRecordingQueries()) return executeQuery.call(connection, query, options) as never
      const operation = () => executeQuery.call(connection, query, options)
      return recordQuery(session, query, operation, options?.signal) as never
    },
    streamQuery(query, chunkSize, options) {
      const open = () => streamQuery.call(connection, query, chunkSize, options)
      return (isRecordingQueries() ? recordStream(session, query, open, options?.signal) : open()) as never
    },
  }
  try {
    for (const [name, value] of Object.entries(replacements)) {
      Object.defineProperty(connection, name, {
        value,
        writable: true,
        configurable: true,
        enumerable: false,
      })
    }
  } catch (error) {
    // A frozen connection stays unchanged, and Querylens does not record its queries.
    reportFault('instrumenting a connection', error)
  }
}
