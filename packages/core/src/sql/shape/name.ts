const QUOTED_PART = /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[(?:[^\]]|\]\])*\]/g
/** In UTF-16 units. PostgreSQL allows 63 bytes, SQL Server allows 128 characters. */
const MAX_LENGTH = 256
const PLAIN = /^[\p{L}_][\p{L}\p{N}_$]*$/u

/**
 * Removes the quotes that a name does not need: `"public"."orders"` becomes `public.orders`.
 *
 * `"order items"` keeps its quotes, because a summary separates names by spaces.
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
  if (position === to && to > from && !(isQuoted && isDigit(written.charCodeAt(1))))
    return written.slice(from, to)
  return written.replace(QUOTED_PART, (part) => {
    const inner = part.slice(1, -1)
    return PLAIN.test(inner) ? inner : part
  })
}

function isPlain(code: number): boolean {
  const lower = code | 0x20
  return (lower >= 0x61 && lower <= 0x7a) || isDigit(code) || code === 0x5f
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
