/** An error in the words of telemetry. */
export interface ErrorDescription {
  /** `error.type`: the status code if there is one, else a system error's code, else `timeout` or the class's name. */
  readonly type: string
  /** `db.response.status_code`: SQLSTATE, or the number that the database has for it. */
  readonly statusCode: string | undefined
  /** `exception.type`: the class's name. */
  readonly exceptionType: string
  /** Usually holds values; see the option `errorMessages`. */
  readonly message: string
  /** The frames of the stack, without the message before them. */
  readonly stackFrames: string | undefined
}

/** The value of the conventions for an unknown type. */
const OTHER = '_OTHER'
const SQLSTATE = /^[0-9A-Z]{5}$/
const NAME = /^[\w.$-]{1,80}$/
const MAX_MESSAGE_LENGTH = 1_000
/** Messages of timeouts in pg and its pool, whose errors have no code. */
const TIMEOUTS: ReadonlySet<string> = new Set([
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Connection terminated due to connection timeout',
  'Query read timeout',
])

/**
 * Describes a value that a driver threw: an error of pg, mysql2, tedious, better-sqlite3 or node:sqlite, of the network,
 * or a value that is no `Error`. Never throws.
 *
 * @param system `db.system.name`; each system's drivers have the status code in another field
 */
export function describeError(system: string, error: unknown): ErrorDescription {
  try {
    const fields = (typeof error === 'object' && error !== null ? error : {}) as Readonly<
      Record<string, unknown>
    >
    const statusCode = statusCodeOf(system, fields)
    const exceptionType = nameOr(fields['name']) ?? OTHER
    const message = String(fields['message'] ?? error).slice(0, MAX_MESSAGE_LENGTH)
    const stackFrames = framesOf(fields['stack'], fields['message'])
    return {
      type: statusCode ?? nameOr(fields['code']) ?? (TIMEOUTS.has(message) ? 'timeout' : exceptionType),
      statusCode,
      exceptionType,
      message,
      stackFrames,
    }
  } catch {
    return {
      type: OTHER,
      statusCode: undefined,
      exceptionType: OTHER,
      message: '',
      stackFrames: undefined,
    }
  }
}

function statusCodeOf(system: string, fields: Readonly<Record<string, unknown>>): string | undefined {
  const { code, errno, errcode, number } = fields
  switch (system) {
    case 'mysql':
    case 'mariadb':
      return typeof errno === 'number' && errno > 0 ? String(errno) : undefined
    case 'microsoft.sql_server':
      return typeof number === 'number' ? String(number) : undefined
    case 'sqlite':
      if (typeof errcode === 'number') return String(errcode)
      return typeof code === 'string' && code.startsWith('SQLITE_') && NAME.test(code) ? code : undefined
    default:
      return typeof code === 'string' && SQLSTATE.test(code) ? code : undefined
  }
}

function nameOr(value: unknown): string | undefined {
  return typeof value === 'string' && NAME.test(value) ? value : undefined
}

/** A frame as V8 writes it. A looser pattern would match lines of messages. */
const FRAME = /^\s+at .*(?::\d+:\d+\)?|\(native\)|\(<anonymous>\)|\(index \d+\))$/

/** The lines after the message that are frames; `undefined` where the stack has another message. */
function framesOf(stack: unknown, message: unknown): string | undefined {
  if (typeof stack !== 'string' || typeof message !== 'string') return undefined
  const found = stack.indexOf(message)
  if (found < 0) return undefined
  const lines = stack.slice(found + message.length).split('\n')
  let first = lines.length
  while (first > 1 && FRAME.test(lines[first - 1] ?? '')) first--
  return first === lines.length ? undefined : lines.slice(first).join('\n')
}
