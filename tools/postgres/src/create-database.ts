import { randomBytes } from 'node:crypto'

import { Client } from 'pg'

/** A database that its creator drops. */
export interface TestDatabase {
  readonly name: string
  readonly connectionString: string
  /** Ends what is still connected to it and removes it. */
  drop(): Promise<void>
}

/**
 * Creates an empty database, so that each test file can have its own on one server.
 *
 * @param server what `startPostgres` gave, or a connection string
 * @param name random by default, so that test files cannot meet
 * @throws Error of the server when the name is taken or the user may not create databases
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
        'The user in DATABASE_URL may not create databases. Let it (alter role … createdb), name one who may, ' +
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
  // A server that goes away while we talk to it also fails the call that is running.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(statement(client))
  } finally {
    await client.end().catch(() => {})
  }
}
