import { CharacterCode, endOfLine } from './characters.js'
import type { LexicalRules } from './lexical-rules.js'

const { DELETE, HASH, MINUS, SLASH, SPACE, STAR } = CharacterCode

/** Instead of an offset: the comment may end in several places, or be no comment. */
export const UNCLEAR_END = -1
/** Instead of an offset: no comment begins here. */
export const NO_COMMENT = -2

/** @returns the offset after a comment that ends with its line, or {@link UNCLEAR_END} */
export function endOfLineComment(sql: string, position: number, { returnEndsComment }: LexicalRules): number {
  if (returnEndsComment === 'no') {
    const newline = sql.indexOf('\n', position)
    return newline < 0 ? sql.length : newline
  }
  const end = endOfLine(sql, position)
  // Some systems end the comment at a lone carriage return, others continue it.
  const isUnclear = returnEndsComment === 'unclear' && sql[end] === '\r' && sql[end + 1] !== '\n'
  return isUnclear && end + 1 < sql.length ? UNCLEAR_END : end
}

/**
 * @param position of two dashes
 * @returns the offset after the comment that they begin, {@link NO_COMMENT} or {@link UNCLEAR_END}
 */
export function endOfDashComment(sql: string, position: number, rules: LexicalRules): number {
  const { dashesNeedSpace } = rules
  const after = sql.charCodeAt(position + 2)
  const isSpace = after <= SPACE || after === DELETE || position + 2 >= sql.length
  if (dashesNeedSpace === 'no' || isSpace) return endOfLineComment(sql, position, rules)
  if (dashesNeedSpace === 'yes') {
    // Without its comment `5--/* a */ 3` is `5-- 3`, in which the dashes begin a comment.
    return after === MINUS || after === SLASH || after === HASH ? UNCLEAR_END : NO_COMMENT
  }
  const end = endOfLineComment(sql, position, rules)
  // In another system `5--x` is an expression, and a quote in the rest of the line begins a string.
  return end >= 0 && /['"`$#[]|\/\*/.test(sql.slice(position, end)) ? UNCLEAR_END : end
}

/**
 * @param position of the slash and the star that begin the comment
 * @returns the offset after the comment, or {@link UNCLEAR_END}
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
