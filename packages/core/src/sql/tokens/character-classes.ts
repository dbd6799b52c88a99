import { isDigit, WORD_CHARACTERS } from './characters.js'
import { TokenKind } from './token-kind.js'

/** The kinds of tokens by their first character. Any other character is 0: an operator of its own. */
export const CharacterClass = {
  STARTS_SPACE: 1,
  STARTS_WORD: 2,
  STARTS_DIGIT: 3,
  STARTS_OPERATOR: 4,
  /** The character is a whole token. */
  STARTS_SINGLE: 5,
  STARTS_QUOTE: 6,
  STARTS_DOUBLE_QUOTE: 7,
  STARTS_DOT: 8,
  STARTS_COLON: 9,
  STARTS_DOLLAR: 10,
  STARTS_OPEN_BRACKET: 11,
} as const

const { STARTS_DIGIT, STARTS_OPERATOR, STARTS_SINGLE, STARTS_SPACE, STARTS_WORD } = CharacterClass

/** The {@link CharacterClass} of each character with a code below 128. */
export const START: Uint8Array = new Uint8Array(128)
/** The {@link TokenKind} of each character of the class `STARTS_SINGLE`. */
export const SINGLE: Uint8Array = new Uint8Array(128)

const set = (character: string, value: number): void => void (START[character.charCodeAt(0)] = value)

for (let code = 0; code <= 0x20; code++) START[code] = STARTS_SPACE
for (let code = 0; code < 128; code++) {
  if (WORD_CHARACTERS[code]! > 0) START[code] = isDigit(code) ? STARTS_DIGIT : STARTS_WORD
}
for (const character of '~!@#^&|`?+-*/%<>=') set(character, STARTS_OPERATOR)
for (const [character, kind] of [
  [',', TokenKind.Comma],
  [';', TokenKind.Semicolon],
  ['(', TokenKind.OpenParenthesis],
  [')', TokenKind.CloseParenthesis],
  [']', TokenKind.CloseBracket],
] as const) {
  set(character, STARTS_SINGLE)
  SINGLE[character.charCodeAt(0)] = kind
}
set("'", CharacterClass.STARTS_QUOTE)
set('"', CharacterClass.STARTS_DOUBLE_QUOTE)
set('.', CharacterClass.STARTS_DOT)
set(':', CharacterClass.STARTS_COLON)
set('$', CharacterClass.STARTS_DOLLAR)
set('[', CharacterClass.STARTS_OPEN_BRACKET)
