import { CharacterCode, endOfLine } from './characters.js'
import type { LexicalRules } from './lexical-rules.js'

const { DELETE, HASH, MINUS, SLASH, SPACE, STAR } = CharacterCode

/** Instead of an offset: one cannot tell where the comment ends, or whether it is one. */
export const UNCLEAR_END = -1
/** Instead of an offset: there is no comment. */
export const NO_COMMENT = -2

/** @returns the offset behind a comment that lasts to the end of its line, or {@link UNCLEAR_END} */
export function endOfLineComment(sql: string, position: number, { returnEndsComment }: LexicalRules): number {
  if (returnEndsComment === 'no') {
    const newline = sql.indexOf('\n', position)
    return newline < 0 ? sql.length : newline
  }
  const end = endOfLine(sql, position)
  // What follows a lone carriage return is a part of the comment in one system, and none in another.
  const isUnclear = returnEndsComment === 'unclear' && sql[end] === '\r' && sql[end + 1] !== '\n'
  return isUnclear && end + 1 < sql.length ? UNCLEAR_END : end
}

/**
 * @param position of two dashes
 * @returns the offset behind their comment, {@link NO_COMMENT} or {@link UNCLEAR_END}
 */
export function endOfDashComment(sql: string, position: number, rules: LexicalRules): number {
  const { dashesNeedSpace } = rules
  const after = sql.charCodeAt(position + 2)
  const isSpace = after <= SPACE || after === DELETE || position + 2 >= sql.length
  if (dashesNeedSpace === 'no' || isSpace) return endOfLineComment(sql, position, rules)
  if (dashesNeedSpace === 'yes') {
    // Two dashes and then a comment: without that they may begin one themselves.
    return after === MINUS || after === SLASH || after === HASH ? UNCLEAR_END : NO_COMMENT
  }
  const end = endOfLineComment(sql, position, rules)
  // As an expression, `5--x`, the line would go on being read; then quotes in it would count.
  return end >= 0 && /['"`$#[]|\/\*/.test(sql.slice(position, end)) ? UNCLEAR_END : end
}

/**
 * @param position of its slash and star
 * @returns the offset behind it, or {@link UNCLEAR_END}
 */
export function endOfBlockComment(sql: string, position: number, rules: LexicalRules): number {
  const { nestedComments, executableComments } = rules
  const isExecutable = executableComments && /^M?!/.test(sql.slice(position + 2, position + 4))
  let depth = 1
  let end = position + 2
  for (; depth > 0; end++) {
    if (end >= sql.length) return UNCLEAR_END
    const code = sql.charCodeAt(end)
    const next = sql.charCodeAt(end + 1)
    if (code === STAR && next === SLASH) {
      depth--
      end++
    } else if (code === SLASH && next === STAR && (nestedComments !== 'no' || isExecutable)) {
      if (nestedComments !== 'yes') return UNCLEAR_END
      depth++
      end++
    }
  }
  return isExecutable && /['"`]|--|#/.test(sql.slice(position, end)) ? UNCLEAR_END : end
}
