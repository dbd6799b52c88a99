import { randomBytes } from 'node:crypto'

import { Client } from 'pg'

/** A database that its creator drops. */
export interface TestDatabase {
  readonly name: string
  readonly connectionString: string
  /** Ends its sessions and drops it. */
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
      execute(connectionString, (client) => {
        return `drop database if exists ${client.escapeIdentifier(name)} with (force)`
      }),
  }
}

async function execute(connectionString: string, statement: (client: Client) => string): Promise<void> {
  const client = new Client({ connectionString })
  // A lost connection also rejects the running call.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(statement(client))
  } finally {
    await client.end().catch(() => {})
  }
}
