const QUOTED_PART = /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[(?:[^\]]|\]\])*\]/g
/** In UTF-16 units. PostgreSQL allows 63 bytes, SQL Server allows 128 characters. */
const MAX_LENGTH = 256
/** Without quotes, these names would read as operations in a summary. */
const COMMANDS: ReadonlySet<string> = new Set(
  'select insert update delete merge values table with create alter drop grant truncate call exec'.split(' '),
)
const LONGEST_COMMAND = 8
/** By first and last letter. To look up each name in a set would take longer than the rest of its reading. */
const MAY_BE_COMMAND = new Uint8Array(32 * 32)
for (const command of COMMANDS) MAY_BE_COMMAND[filterOf(command)] = 1

function filterOf(name: string): number {
  return (name.charCodeAt(0) & 31) * 32 + (name.charCodeAt(name.length - 1) & 31)
}

const PLAIN = /^[\p{L}_][\p{L}\p{N}_$]*$/u

/**
 * Removes the quotes that a name does not need: `"public"."orders"` becomes `public.orders`.
 *
 * `"order items"` keeps its quotes, because a summary separates names by spaces. So does `"select"`, which would read as
 * an operation.
 *
 * @param written the name as it stands in the statement, qualified or not
 * @returns at most 256 UTF-16 units and `…`
 */
export function displayName(written: string): string {
  // A fast path for the common cases `orders` and `"orders"`.
  const isQuoted = written.charCodeAt(0) === 0x22
  const from = isQuoted ? 1 : 0
  const to = isQuoted ? written.length - 1 : written.length
  let position = from
  if (written.length > MAX_LENGTH) return `${written.slice(0, MAX_LENGTH).toWellFormed()}…`
  while (position < to && isPlain(written.charCodeAt(position))) position++
  if (position === to && to > from && !(isQuoted && isDigit(written.charCodeAt(1)))) {
    const inner = written.slice(from, to)
    return isQuoted && isCommand(inner) ? written : inner
  }
  return written.replace(QUOTED_PART, (part) => {
    const inner = part.slice(1, -1)
    return PLAIN.test(inner) && !isCommand(inner) ? inner : part
  })
}

function isCommand(name: string): boolean {
  if (name.length > LONGEST_COMMAND || MAY_BE_COMMAND[filterOf(name)] === 0) return false
  if (COMMANDS.has(name)) return true
  return name.charCodeAt(0) < 0x60 && name === name.toUpperCase() && COMMANDS.has(name.toLowerCase())
}

/** Whether the name may have a letter of upper case. */
export function mayBeUpperCase(name: string): boolean {
  for (let position = 0; position < name.length; position++) {
    const code = name.charCodeAt(position)
    if ((code >= 0x41 && code <= 0x5a) || code >= 128) return true
  }
  return false
}

function isPlain(code: number): boolean {
  const lower = code | 0x20
  return (lower >= 0x61 && lower <= 0x7a) || isDigit(code) || code === 0x5f
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
