import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { Client } from 'pg'

/** A database that its creator drops. */
export interface TestDatabase {
  readonly name: string
  readonly connectionString: string
  /** Drops it, once its sessions have ended; it ends those that stay open for a second. */
  drop(): Promise<void>
}

/**
 * Creates an empty database, so that each test file can have its own on one server.
 *
 * @param server the server of `startPostgres`, or a connection string
 * @param name @default a random name, so that test files do not conflict
 * @throws Error of the server if the name is taken or the user may not create databases
 */
export async function createDatabase(
  server: string | { readonly connectionString: string },
  name: string = `querylens_${randomBytes(6).toString('hex')}`,
): Promise<TestDatabase> {
  const connectionString = typeof server === 'string' ? server : server.connectionString
  await execute(connectionString, (client) => `create database ${client.escapeIdentifier(name)}`).catch(
    (cause: unknown) => {
      if (!(cause instanceof Error && 'code' in cause && cause.code === '42501')) throw cause
      throw new Error(
        'The user in DATABASE_URL may not create databases. Allow it (alter role … createdb), name another user, ' +
          'or unset DATABASE_URL to have a temporary server started.',
        { cause },
      )
    },
  )
  const url = new URL(connectionString)
  url.pathname = `/${encodeURIComponent(name)}`
  return {
    name,
    connectionString: url.href,
    drop: () =>
      execute(connectionString, async (client) => {
        await sessionsEnd(client, name)
        return `drop database if exists ${client.escapeIdentifier(name)} with (force)`
      }),
  }
}

const CLOSING_MILLIS = 1_000
const POLL_MILLIS = 10

/**
 * Waits for the sessions of a database, but not for long. A pool ends before its connections have: a session that is ended
 * by force meanwhile emits an error, which nobody handles.
 */
async function sessionsEnd(client: Client, name: string): Promise<void> {
  for (let waited = 0; waited < CLOSING_MILLIS; waited += POLL_MILLIS) {
    // oxlint-disable-next-line no-await-in-loop
    const { rows } = await client.query('select 1 from pg_stat_activity where datname = $1 limit 1', [name])
    if (rows.length === 0) return
    // oxlint-disable-next-line no-await-in-loop
    await sleep(POLL_MILLIS)
  }
}

async function execute(
  connectionString: string,
  statement: (client: Client) => string | Promise<string>,
): Promise<void> {
  const client = new Client({ connectionString })
  // A lost connection also rejects the running call.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(await statement(client))
  } finally {
    await client.end().catch(() => {})
  }
}
