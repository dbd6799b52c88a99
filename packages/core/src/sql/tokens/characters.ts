/** Codes of the characters that have a meaning in SQL, as `charCodeAt` returns them. */
export const CharacterCode = {
  NEWLINE: 0x0a,
  RETURN: 0x0d,
  SPACE: 0x20,
  DOUBLE_QUOTE: 0x22,
  HASH: 0x23,
  DOLLAR: 0x24,
  AMPERSAND: 0x26,
  QUOTE: 0x27,
  OPEN_PARENTHESIS: 0x28,
  CLOSE_PARENTHESIS: 0x29,
  STAR: 0x2a,
  PLUS: 0x2b,
  COMMA: 0x2c,
  MINUS: 0x2d,
  DOT: 0x2e,
  SLASH: 0x2f,
  ZERO: 0x30,
  COLON: 0x3a,
  EQUALS: 0x3d,
  QUESTION_MARK: 0x3f,
  AT: 0x40,
  OPEN_BRACKET: 0x5b,
  BACKSLASH: 0x5c,
  CLOSE_BRACKET: 0x5d,
  UNDERSCORE: 0x5f,
  BACKTICK: 0x60,
  OPEN_BRACE: 0x7b,
  DELETE: 0x7f,
} as const

const { BACKSLASH, MINUS, NEWLINE, QUOTE, RETURN, SPACE, UNDERSCORE } = CharacterCode

/** For each character code below 128: its lower-case code if a word of some system may hold it, otherwise 0. */
export const WORD_CHARACTERS: Uint8Array = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code)
  if (/\w/.test(character)) WORD_CHARACTERS[code] = character.toLowerCase().charCodeAt(0)
}

/** The lower-case code of an ASCII letter; the same code for any other character. */
export function lowerCase(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** Whether a word of some system may hold the character. */
export function isWordCharacter(code: number): boolean {
  return code >= 128 || WORD_CHARACTERS[code]! > 0
}

/** Whether a word of some system may begin with the character. */
export function isNameStart(code: number): boolean {
  return isWordCharacter(code) && !isDigit(code)
}

/** @returns the offset after digits and the underscores between them */
export function skipDigits(sql: string, position: number): number {
  for (;;) {
    const code = sql.charCodeAt(position)
    if (!isDigit(code) && code !== UNDERSCORE) return position
    position++
  }
}

/** Whether an odd number of backslashes ends at `position`, counted from `from` on. */
export function isEscaped(sql: string, position: number, from: number): boolean {
  let first = position
  while (first > from && sql.charCodeAt(first - 1) === BACKSLASH) first--
  return (position - first) % 2 === 1
}

/**
 * Finds the next part of a PostgreSQL string: `'a'`, a line break, `'b'` is one string.
 *
 * @param position after the closing quote of a part
 * @returns the offset after the opening quote of the next part, or -1
 */
export function continuationOf(sql: string, position: number): number {
  let onNewLine = false
  for (; position < sql.length; position++) {
    const code = sql.charCodeAt(position)
    if (code === NEWLINE || code === RETURN) onNewLine = true
    else if (code === MINUS && sql.charCodeAt(position + 1) === MINUS) position = endOfLine(sql, position) - 1
    else if (code !== SPACE && (code < 0x09 || code > 0x0d)) {
      return code === QUOTE && onNewLine ? position + 1 : -1
    }
  }
  return -1
}

/** @returns the offset of the newline or carriage return that ends the line, or the length of the text */
export function endOfLine(sql: string, position: number): number {
  for (; position < sql.length; position++) {
    const code = sql.charCodeAt(position)
    if (code === NEWLINE || code === RETURN) break
  }
  return position
}
