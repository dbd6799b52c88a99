import { QuerylensError } from '@querylens/core'
import { describeValue, isRecord } from '@querylens/core/internal'

/** The address of a database. Structurally a part of the options of a pool of `pg` or `mysql2`. */
export interface ConnectionInfo {
  /** Such as `postgresql://user:password@host:5432/database`. It replaces the other fields, as in `pg`. */
  readonly connectionString?: string | undefined
  /** Host name, IP address or folder of a socket. */
  readonly host?: string | undefined
  readonly port?: number | undefined
  /** The database's name. */
  readonly database?: string | undefined
  /** The file of a socket. It replaces host and port, as in `mysql2`. */
  readonly socketPath?: string | undefined
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

/** A host name, an IP address, or the path of a socket. Anything else may hold a user or a password. */
const ADDRESS = /^(?:[\w.-]+|[\da-f.]*:[\da-f.]*:[\da-f:.]*(?:%\w+)?|\/[^@;=?]*)$/i
/** A name without the signs that divide the parts of a connection string. It may be the path of a file. */
const NAME = /^(?!.*:\/\/)[^@;=?]*$/

/**
 * Reads the location of a database. Of a connection string it keeps only host, port and database.
 *
 * A connection string inside of an object belongs to a pool, so its form is for the pool to check: if Querylens cannot
 * read it, the location is unknown.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_OPTION` for a connection string that cannot be read, or a part that is no
 *   address, port or name
 */
export function locationOf(owner: string, connection: string | ConnectionInfo | undefined): DatabaseLocation {
  if (connection === undefined) return UNKNOWN_LOCATION
  if (typeof connection === 'string') {
    const location = readConnectionString(connection)
    if (location !== undefined) return location
    throw invalid(
      owner,
      "a connection string such as 'postgresql://host:5432/database', or the options of the pool",
      `a string of ${connection.length} characters that has another form; pass { host, port, database } instead`,
    )
  }
  if (isPool(connection)) {
    throw invalid(
      owner,
      'a connection string, or the options of the pool',
      'the pool itself. Write connection: pool.options',
    )
  }
  const { connectionString, socketPath, host, port, database } = connection
  if (connectionString) return readConnectionString(connectionString) ?? UNKNOWN_LOCATION
  const address = socketPath || host
  return {
    namespace: check(owner, database, isName, 'the name of a database'),
    serverAddress: check(owner, address, isAddress, 'a host name, an IP address or the path of a socket'),
    serverPort: socketPath ? undefined : check(owner, portOf(port), isPort, 'a port from 1 to 65535'),
  }
}

/**
 * Reads `scheme://user:password@host:port/database` and the two forms of `pg` for sockets, `/folder database` and
 * `socket:/folder?db=database`.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 * @returns `undefined` for a text of another form: it may hold a password anywhere
 */
function readConnectionString(text: unknown): DatabaseLocation | undefined {
  if (typeof text !== 'string') return undefined
  if (text.startsWith('/')) {
    const [folder, database] = text.split(' ')
    return locationIfValid(folder, undefined, database)
  }
  if (!/^(?:[a-z][a-z\d+.-]*:\/\/|socket:\/)/i.test(text) || !URL.canParse(text)) return undefined
  const { protocol, hostname, port, pathname, searchParams } = new URL(text)
  if (protocol === 'socket:') return locationIfValid(decode(pathname), undefined, searchParams.get('db'))
  return locationIfValid(
    // The folder of a socket is a parameter: `?host=/var/run/postgresql`.
    searchParams.get('host') || decode(hostname.replace(/^\[|\]$/g, '')),
    searchParams.get('port') || port,
    decode(pathname.replace(/^\//, '')),
  )
}

function locationIfValid(address: unknown, port: unknown, name: unknown): DatabaseLocation | undefined {
  const location = {
    namespace: name || undefined,
    serverAddress: address || undefined,
    serverPort: portOf(port),
  }
  return isName(location.namespace) && isAddress(location.serverAddress) && isPort(location.serverPort)
    ? (location as DatabaseLocation)
    : undefined
}

function check<Value>(
  owner: string,
  value: unknown,
  isValid: (value: unknown) => value is Value | undefined,
  takes: string,
): Value | undefined {
  const given = value || undefined
  if (isValid(given)) return given
  // Never the text itself, because it may hold a password.
  const got = typeof given === 'string' ? `a string of ${given.length} characters` : describeValue(given)
  throw invalid(owner, takes, got)
}

/** A pool of `pg` has its address in its options. */
function isPool(connection: object): boolean {
  const { query, options } = connection as { readonly query?: unknown; readonly options?: unknown }
  return typeof query === 'function' && isRecord(options)
}

function isName(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && NAME.test(value))
}

function isAddress(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && ADDRESS.test(value))
}

function isPort(value: unknown): value is number | undefined {
  return (
    value === undefined ||
    (typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536)
  )
}

/** Pools also accept a port as text, because it often comes from the environment. */
function portOf(port: unknown): unknown {
  return typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port || undefined
}

function invalid(owner: string, takes: string, got: string): QuerylensError {
  return new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `Option 'connection' of ${owner} takes ${takes}, but got ${got}.`,
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
