import { QuerylensError } from '@querylens/core'
import { describeValue } from '@querylens/core/internal'

/** The address of a database. Structurally a part of the options of a pool of `pg` or `mysql2`. */
export interface ConnectionInfo {
  /** Such as `postgresql://user:password@host:5432/database`. The other fields take precedence over it. */
  readonly connectionString?: string | undefined
  /** Host name, IP address or folder of a socket. */
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** The database's name. */
  readonly database?: string | undefined
}

/** The part of a connection that telemetry reports. It never holds a user or a password. */
export interface DatabaseLocation {
  readonly namespace: string | undefined
  readonly serverAddress: string | undefined
  readonly serverPort: number | undefined
}

const UNKNOWN_LOCATION: DatabaseLocation = {
  namespace: undefined,
  serverAddress: undefined,
  serverPort: undefined,
}

/**
 * Reads the location of a database. Of a connection string it keeps only host, port and database.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_OPTION` for a value that is neither a connection string nor an object
 */
export function locationOf(owner: string, connection: string | ConnectionInfo | undefined): DatabaseLocation {
  if (connection === undefined) return UNKNOWN_LOCATION
  if (typeof connection === 'string') return readConnectionString(owner, connection)
  if (typeof connection !== 'object' || connection === null || Array.isArray(connection)) {
    throw invalid(owner, `but got ${describeValue(connection)}.`)
  }
  const { connectionString, host, port, database } = connection
  const fromString =
    typeof connectionString === 'string' && connectionString !== ''
      ? readConnectionString(owner, connectionString)
      : UNKNOWN_LOCATION
  return {
    namespace: textOf(database) ?? fromString.namespace,
    serverAddress: textOf(host) ?? fromString.serverAddress,
    serverPort: portOf(owner, port) ?? fromString.serverPort,
  }
}

/** @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING */
function readConnectionString(owner: string, text: string): DatabaseLocation {
  if (!/^[a-z][a-z\d+.-]*:/i.test(text) || !URL.canParse(text)) {
    throw invalid(
      owner,
      `but got ${describeText(text)} that is no URL; pass { host, port, database } instead.`,
    )
  }
  const { hostname, port, pathname, searchParams } = new URL(text)
  const path = decode(pathname.replace(/^\//, ''))
  return {
    namespace: textOf(path),
    // The folder of a socket is a parameter: `?host=/var/run/postgresql`.
    serverAddress: textOf(searchParams.get('host')) ?? textOf(decode(hostname.replace(/^\[|\]$/g, ''))),
    serverPort: port === '' ? portOf(owner, searchParams.get('port') ?? undefined) : Number(port),
  }
}

function invalid(owner: string, what: string): QuerylensError {
  return new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `Option 'connection' of ${owner} takes a connection string such as 'postgresql://host:5432/database', or the options of the pool, ${what}`,
  )
}

/** Describes a text without its contents, because a connection string may hold a password. */
function describeText(text: string): string {
  return `a string of ${text.length} characters`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Reads a port. Pools also accept text, because a port often comes from the environment. */
function portOf(owner: string, value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const port = Number(value)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `Option 'connection' of ${owner} takes a port from 1 to 65535, but got ${describeValue(value)}.`,
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
