import {
  createSession,
  isRecordingQueries,
  recordQuery,
  recordStream,
  reportFault,
  sharedState,
  type RecordedDatabase,
  type Session,
} from '@querylens/core/recorder'
import type { DatabaseConnection } from 'kysely'

/** By connection rather than on it; for the whole process, so that no connection is ever watched twice. */
const sessions = sharedState('sessions/1', () => new WeakMap<DatabaseConnection, Session>())

/**
 * Watches the statements of a connection, in place: Kysely and its drivers know connections by identity and
 * by private members, drivers send begin and commit over the very object that they have made, and Kysely
 * itself replaces `executeQuery` on it when `log` is on. While nobody listens, statements pass at once.
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

/** The session of a connection that was handed out, or `undefined` for one from elsewhere. */
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
    // A frozen connection stays as it is: better unseen than broken.
    reportFault('instrumenting a connection', error)
  }
}
