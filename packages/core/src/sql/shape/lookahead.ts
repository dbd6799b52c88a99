/**
 * Whether a pattern matches at an offset.
 *
 * Comments are no white space to a pattern, so that what a match allows must not be a safety rule.
 *
 * @param pattern with the flag `y`
 */
export function matchesAt(pattern: RegExp, sql: string, offset: number): boolean {
  pattern.lastIndex = offset
  return pattern.test(sql)
}
