const QUOTED_PART = /"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[(?:[^\]]|\]\])*\]/g
/** Four times what PostgreSQL allows, and twice what SQL Server does. */
const MAX_LENGTH = 256
const PLAIN = /^[\p{L}_][\p{L}\p{N}_$]*$/u

/**
 * A possibly qualified name as it was written, without quotes that it does not need: `public.orders` for
 * `"public"."orders"`, but `"order items"` as it is, because names are separated by spaces.
 */
export function displayName(written: string): string {
  // The common cases cheaply: `orders` and `"orders"`.
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
