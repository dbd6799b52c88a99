import { Keyword } from '../tokens/keywords.js'
import type { LexicalRules } from '../tokens/dialect.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

const { Comma, Dot, OpenParenthesis, Operator, Parameter, QuotedIdentifier, Word } = TokenKind
const { PASSWORD, SET, TO } = Keyword

/** Where words can be values. */
export const ValuePlace = {
  /** Nowhere: every word is a name or a keyword. */
  Nowhere: 0,
  /** Behind `=` and `PASSWORD`, and behind `TO` and commas once a `SET` was read. */
  Assignments: 1,
  /** Behind `=`, `TO` and commas: the statement is a `SET`. */
  Settings: 2,
  /** Behind a `SET` only. */
  SetClause: 3,
} as const
export type ValuePlace = (typeof ValuePlace)[keyof typeof ValuePlace]

const { Nowhere, SetClause, Settings } = ValuePlace

/** Options of MySQL behind `PASSWORD`. */
const PASSWORD_OPTIONS = /^(?:expire|history|reuse|require|for)$/i
/** Keys of databases: `PRAGMA key = x`, `ATTACH 'a' AS b KEY x`. */
const KEY = /^(?:text|hex)?(?:re)?key$/i

/** Finds the words without quotes that are values: `SET app.secret TO word`, `CREATE LOGIN a WITH PASSWORD = word`. */
export class ValueWords {
  /** Whether the latest token is a value. */
  isValue: boolean = false
  #place: ValuePlace = Nowhere
  /** The number of the token that is a value if it is a name, or of the parenthesis in front of it. */
  #next = 0
  /** The number of the latest token that is a variable. */
  #variable = 0

  /** Begins a statement. */
  begin(place: ValuePlace): void {
    this.#place = place
    this.#next = this.#variable = 0
    this.isValue = false
  }

  /** Follows a token other than a comma or a parenthesis. @param sql the whole text */
  follow(token: TokenReader, sql: string, rules: LexicalRules): void {
    if (this.#place === Nowhere) return
    const { kind, keyword, start, end, tokens } = token
    if (kind === Parameter) {
      const isVariable = token.previousKeyword === SET || token.previousKind === Comma
      if (isVariable) this.#variable = tokens
      return
    }
    if (kind === Operator) {
      // A variable, `SET @a = b + 1`, gets an expression.
      if (tokens === this.#variable + 1) return
      if (this.#place === SetClause) return
      const isAssignment = sql.startsWith(end === start + 1 ? '=' : ':=', start) && end <= start + 2
      if (isAssignment) this.#next = tokens + 1
      return
    }
    if (kind !== Word && kind !== QuotedIdentifier) return
    this.isValue = this.#isValue(token, sql, rules)
    if (this.isValue) return
    if (keyword === SET) this.#place = Settings
    else if (keyword === TO && this.#place === Settings) this.#next = tokens + 1
    else if (this.#place === SetClause) return
    else if (keyword === PASSWORD || (end - start <= 9 && KEY.test(sql.slice(start, end)))) {
      this.#next = tokens + 1
    }
  }

  #isValue(token: TokenReader, sql: string, rules: LexicalRules): boolean {
    const { previousKind, tokens, start, end } = token
    if (previousKind === Dot) return this.isValue
    // Other systems have lists of settings, `SET a = 1, b = 2`, but none of values.
    if (previousKind === Comma) return this.#place === Settings && (rules.postgresStrings || rules.isUnknown)
    const isNext = tokens === this.#next || (tokens === this.#next + 1 && previousKind === OpenParenthesis)
    if (!isNext) return false
    return token.previousKeyword !== PASSWORD || !PASSWORD_OPTIONS.test(sql.slice(start, end))
  }
}
