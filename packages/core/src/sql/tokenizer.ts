import { lexicalRulesOf, type LexicalRules } from './dialect.js'
import {
  PUNCTUATION_LANE,
  type TokenHash,
  WORD_PRIME_A,
  WORD_PRIME_B,
  WORD_SEED_A,
  WORD_SEED_B,
} from './token-hash.js'

/** What a token is. Numbers rather than names: they are compared for every token of every new statement. */
export const TokenKind = {
  End: 0,
  /** An unquoted identifier or a keyword. */
  Word: 1,
  QuotedIdentifier: 2,
  StringLiteral: 3,
  NumberLiteral: 4,
  Parameter: 5,
  Operator: 6,
  Comma: 7,
  Dot: 8,
  Semicolon: 9,
  OpenParenthesis: 10,
  CloseParenthesis: 11,
  OpenBracket: 12,
  CloseBracket: 13,
  /** `::` */
  Cast: 14,
  Colon: 15,
  Comment: 16,
  /** The rest of the text: what it holds cannot be told with certainty. */
  Unreadable: 17,
} as const
export type TokenKind = (typeof TokenKind)[keyof typeof TokenKind]

const {
  Cast,
  CloseBracket,
  CloseParenthesis,
  Colon,
  Comma,
  Comment,
  Dot,
  End,
  NumberLiteral,
  OpenBracket,
  OpenParenthesis,
  Operator,
  Parameter,
  QuotedIdentifier,
  Semicolon,
  StringLiteral,
  Unreadable,
  Word,
} = TokenKind

const OPERATOR_CHARACTERS = '~!@#^&|`?+-*/%<>='
/** An operator may end in `+` or `-` only if it holds one of these. */
const FREE_OPERATOR = /[~!@#^&|`?%]/

const QUOTE = 0x27
const DOUBLE_QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d
const SLASH = 0x2f
const STAR = 0x2a
const DOLLAR = 0x24
const HASH = 0x23
const AT = 0x40
const DOT = 0x2e
const COLON = 0x3a
const NEWLINE = 0x0a
const DELETE_CHARACTER = 0x7f
const COMMA = 0x2c
const OPEN_PARENTHESIS = 0x28
const CLOSE_PARENTHESIS = 0x29
const MAX_BRACKET_IDENTIFIER = 130

// What a character begins; 0 is nothing in particular.
const STARTS_SPACE = 1
const STARTS_WORD = 2
const STARTS_DIGIT = 3
const STARTS_OPERATOR = 4
const STARTS_SINGLE = 5
const STARTS_QUOTE = 6
const STARTS_DOUBLE_QUOTE = 7
const STARTS_DOT = 8
const STARTS_COLON = 9
const STARTS_DOLLAR = 10
const STARTS_OPEN_BRACKET = 11

/** By character code below 128. */
const START = new Uint8Array(128)
const SINGLE = new Uint8Array(128)
for (let code = 0; code <= 0x20; code++) START[code] = STARTS_SPACE
for (const character of OPERATOR_CHARACTERS) START[character.charCodeAt(0)] = STARTS_OPERATOR
for (const [character, kind] of [
  [',', Comma],
  [';', Semicolon],
  ['(', OpenParenthesis],
  [')', CloseParenthesis],
  [']', CloseBracket],
] as const) {
  START[character.charCodeAt(0)] = STARTS_SINGLE
  SINGLE[character.charCodeAt(0)] = kind
}
START[QUOTE] = STARTS_QUOTE
START[DOUBLE_QUOTE] = STARTS_DOUBLE_QUOTE
START[DOT] = STARTS_DOT
START[COLON] = STARTS_COLON
START[DOLLAR] = STARTS_DOLLAR
START[0x5b] = STARTS_OPEN_BRACKET

/** The lower-case form of a character that a word may hold, otherwise 0. */
const WORD = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code)
  if (/\w/.test(character)) {
    WORD[code] = character.toLowerCase().charCodeAt(0)
    START[code] = /\d/.test(character) ? STARTS_DIGIT : STARTS_WORD
  }
}

const UNICODE_SPACE = /[\s\u0085]/

/** `{d '…'}`, `{call p}`: other braces are comments in some system. */
const ESCAPE_CLAUSE = /^\{\s*(?:\?|(?:d|t|ts|fn|oj|call|guid|escape)\b)/i

/** Currency signs that begin an amount of money in SQL Server: `£5` is a literal. */
const CURRENCY = /[\p{Sc}]/u

/**
 * Splits SQL text into tokens, one for each call of {@link Tokenizer.next}, in time linear in the text's
 * length. Makes no objects; reads any text whatever and never throws.
 *
 * Boundaries are those of PostgreSQL's own scanner under its rules.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export class Tokenizer {
  kind: TokenKind = End
  /** Offset of the token's first UTF-16 unit. */
  start: number = 0
  /** Offset after its last. */
  end: number = 0
  /** Hash of a word in lower case, or of a quoted identifier as it stands: `"id"` is `ID`. */
  hashA: number = 0
  hashB: number = 0
  /** Whether this or an earlier string would end elsewhere in another setting of the session. */
  isDoubtful: boolean = false
  /** The text that is being read. */
  protected sql: string = ''
  protected rules: LexicalRules = lexicalRulesOf('other_sql')
  #length: number = 0
  /** Up to here there are only signs, each a token of its own: looking for longer ones again takes square time. */
  #signsEnd: number = 0
  #word: Uint8Array = wordTableOf(this.rules)

  /** Begins a text. */
  begin(sql: string, rules: LexicalRules): void {
    this.sql = sql
    this.#length = sql.length
    if (rules !== this.rules) {
      this.rules = rules
      this.#word = wordTableOf(rules)
    }
    this.kind = End
    this.start = 0
    this.end = 0
    this.isDoubtful = false
    this.#signsEnd = 0
  }

  /** Lets go of the text. */
  release(): void {
    this.sql = ''
  }

  /** Reads the next token into {@link kind}, {@link start} and {@link end}; comments are tokens, white space is not. */
  next(): void {
    const sql = this.sql
    const length = this.#length
    let position = this.end
    let code = 0
    let start: number = STARTS_SPACE
    while (position < length) {
      code = sql.charCodeAt(position)
      start = code < 128 ? START[code]! : this.#isSpace(code) ? STARTS_SPACE : STARTS_WORD
      if (start !== STARTS_SPACE) break
      position++
    }
    this.start = position
    if (position >= length) {
      this.#take(End, length)
      return
    }
    switch (start) {
      case STARTS_DOUBLE_QUOTE:
        this.#readDoubleQuoted(position)
        return
      case STARTS_WORD:
        this.#readWord(position, code)
        return
      case STARTS_SINGLE:
        this.#take(SINGLE[code] as TokenKind, position + 1)
        return
      case STARTS_DOLLAR:
        this.#readDollar(position)
        return
      case STARTS_DIGIT:
        this.#readNumber(position)
        return
      case STARTS_QUOTE:
        if (this.rules.alternativeQuotes && sql.startsWith("'''", position)) {
          this.#giveUp()
          return
        }
        this.#readString(position + 1, this.rules.backslashEscapes)
        return
      case STARTS_OPERATOR:
        this.#readOperator(position, code)
        return
      case STARTS_DOT:
        if (isDigit(sql.charCodeAt(position + 1))) this.#readNumber(position)
        else if (sql.charCodeAt(position + 1) === DOT) this.#take(Operator, position + 2)
        else this.#take(Dot, position + 1)
        return
      case STARTS_COLON:
        this.#readColon(position)
        return
      case STARTS_OPEN_BRACKET:
        this.#readBracket(position)
        return
      default:
        if (
          code === 0x7b &&
          this.rules.alternativeQuotes &&
          !ESCAPE_CLAUSE.test(sql.slice(position, position + 12))
        ) {
          this.#giveUp()
        } else this.#take(Operator, position + 1)
    }
  }

  /**
   * Reads on over quoted identifiers and dots, which is most of what a query builder writes, and appends them
   * to a hash just as one by one; stops in front of anything else. Only where `"x"` is an identifier.
   */
  skimNames(hash: TokenHash): void {
    const { sql } = this
    let position = this.end
    let { end, kind } = this
    for (;;) {
      let code = sql.charCodeAt(position)
      while (code === 0x20) code = sql.charCodeAt(++position)
      if (code === DOUBLE_QUOTE) {
        let a = WORD_SEED_A
        let b = WORD_SEED_B
        for (code = sql.charCodeAt(++position); code !== DOUBLE_QUOTE; code = sql.charCodeAt(++position)) {
          if (position >= this.#length) break
          a = Math.imul(a ^ code, WORD_PRIME_A)
          b = Math.imul(b ^ code, WORD_PRIME_B)
        }
        if (code !== DOUBLE_QUOTE || sql.charCodeAt(position + 1) === DOUBLE_QUOTE) break
        hash.add(a, b)
        kind = QuotedIdentifier
      } else if (code === DOT && kind === QuotedIdentifier && sql.charCodeAt(position + 1) === DOUBLE_QUOTE) {
        hash.add(PUNCTUATION_LANE, Dot)
        kind = Dot
      } else break
      end = ++position
    }
    this.end = end
    this.kind = kind
  }

  /** Reads on over `, $2, $3` behind a parameter of a list, and stops in front of its last comma or its end. */
  skimParameters(): void {
    let position = this.#endOfFurtherParameter(this.end)
    while (position > 0) {
      const following = this.sql.charCodeAt(this.#skipSpace(position))
      // What has a cast, say, is not a parameter alone.
      if (following !== COMMA && following !== CLOSE_PARENTHESIS) return
      this.end = position
      position = this.#endOfFurtherParameter(position)
    }
  }

  /** Reads on over `, ($3, $4), ($5, $6)` behind a row of so many parameters and nothing else. */
  skimRows(parameters: number): void {
    const { sql } = this
    for (;;) {
      let position = this.#skipSpace(this.end)
      if (sql.charCodeAt(position) !== COMMA) return
      position = this.#skipSpace(position + 1)
      if (sql.charCodeAt(position) !== OPEN_PARENTHESIS) return
      position = this.#endOfParameter(this.#skipSpace(position + 1))
      for (let count = 1; count < parameters && position > 0; count++) {
        position = this.#endOfFurtherParameter(position)
      }
      if (position < 0) return
      position = this.#skipSpace(position)
      if (sql.charCodeAt(position) !== CLOSE_PARENTHESIS) return
      this.end = position + 1
    }
  }

  /** @returns the offset behind a comma and a parameter, or -1 where there are none */
  #endOfFurtherParameter(position: number): number {
    position = this.#skipSpace(position)
    return this.sql.charCodeAt(position) === COMMA ? this.#endOfParameter(this.#skipSpace(position + 1)) : -1
  }

  #endOfParameter(position: number): number {
    const { sql } = this
    const code = sql.charCodeAt(position)
    if (code === 0x3f && this.rules.questionMarks) return position + 1
    if (code !== DOLLAR || !this.rules.dollarParameters) return -1
    const end = skipDigits(sql, position + 1)
    return end > position + 1 ? end : -1
  }

  #skipSpace(position: number): number {
    while (this.sql.charCodeAt(position) <= 0x20) position++
    return position
  }

  #takeLineComment(position: number): void {
    this.#take(Comment, this.#endOfLine(position))
    const { sql, end } = this
    if (
      this.rules.returnEndsComment === 'unclear' &&
      sql[end] === '\r' &&
      sql[end + 1] !== '\n' &&
      end + 1 < this.#length
    ) {
      this.#giveUp()
    }
  }

  #take(kind: TokenKind, end: number): void {
    this.kind = kind
    this.end = end
  }

  /** What follows may be a literal or not: nobody can say. */
  #giveUp(): void {
    this.#take(Unreadable, this.#length)
  }

  #readWord(position: number, first: number): void {
    const sql = this.sql
    const next = sql.charCodeAt(position + 1)
    if ((next === QUOTE || next === 0x26) && this.#readPrefixed(position, first, next)) return
    if (first >= 128 && !this.rules.postgresStrings && CURRENCY.test(sql[position] ?? '')) {
      this.#readNumber(position + 1)
      return
    }
    const end = this.#hashWord(position)
    this.#take(Word, end)
    if (
      this.rules.alternativeQuotes &&
      sql.charCodeAt(end) === QUOTE &&
      /^n?q$/i.test(sql.slice(position, end))
    ) {
      this.#giveUp()
    }
  }

  /** @returns the offset after the word */
  #hashWord(position: number): number {
    const sql = this.sql
    const length = this.#length
    const word = this.#word
    let a = WORD_SEED_A
    let b = WORD_SEED_B
    while (position < length) {
      let code = sql.charCodeAt(position)
      if (code < 128) {
        code = word[code]!
        if (code === 0) break
      } else if (this.#isSpace(code)) break
      a = Math.imul(a ^ code, WORD_PRIME_A)
      b = Math.imul(b ^ code, WORD_PRIME_B)
      position++
    }
    this.hashA = a
    this.hashB = b
    return position
  }

  /** Strings and identifiers with a letter in front: `E'…'`, `B'…'`, `X'…'`, `U&'…'`, `U&"…"`. */
  #readPrefixed(position: number, first: number, next: number): boolean {
    const letter = first | 0x20
    const { postgresStrings, backslashEscapes } = this.rules
    if (next === QUOTE) {
      if (letter === 0x65 && postgresStrings) this.#readString(position + 2, 'yes')
      else if (letter === 0x62 || letter === 0x78) this.#readString(position + 2, backslashEscapes)
      else return false
      return true
    }
    if (letter !== 0x75 || !postgresStrings) return false
    const quote = this.sql.charCodeAt(position + 2)
    if (quote === QUOTE) this.#readString(position + 3, 'no')
    else if (quote === DOUBLE_QUOTE) this.#readQuoted(position + 2, DOUBLE_QUOTE)
    else return false
    return true
  }

  /**
   * Reads on from behind the opening quote.
   *
   * Where a backslash stands in front of a quote and nobody knows whether it escapes it, one reading ends the
   * string where the other begins one.
   */
  #readString(position: number, escapes: LexicalRules['backslashEscapes'], quote: string = "'"): void {
    const sql = this.sql
    for (;;) {
      const found = sql.indexOf(quote, position)
      if (found < 0) return this.#giveUp()
      if (escapes !== 'no' && isEscaped(sql, found, position)) {
        const likely = escapes === 'unclear' ? this.rules.likelyBackslashEscapes : true
        if (likely === undefined) return this.#giveUp()
        this.isDoubtful ||= escapes === 'unclear'
        if (!likely) {
          if (sql[found + 1] !== quote) return this.#take(StringLiteral, found + 1)
          position = found + 2
          continue
        }
        position = found + 1
      } else if (sql[found + 1] === quote) {
        position = found + 2
      } else {
        const resumed = this.rules.postgresStrings ? continuationOf(sql, found + 1) : -1
        if (resumed < 0) return this.#take(StringLiteral, found + 1)
        position = resumed
      }
    }
  }

  #readDoubleQuoted(position: number): void {
    const { doubleQuotedIdentifiers, backslashEscapes } = this.rules
    if (doubleQuotedIdentifiers === 'no') {
      this.#readString(position + 1, backslashEscapes, '"')
      // As an identifier, with ANSI_QUOTES, it would know no escapes.
      if (/\\["']/.test(this.sql.slice(position, this.end))) this.#giveUp()
      return
    }
    if (doubleQuotedIdentifiers === 'unclear' && this.sql.startsWith('"""', position)) return this.#giveUp()
    this.#readQuoted(position, DOUBLE_QUOTE)
    if (doubleQuotedIdentifiers === 'unclear' && this.sql.slice(position, this.end).includes('\\'))
      this.#giveUp()
  }

  /** An identifier in quotes, which stand for themselves when doubled. */
  #readQuoted(position: number, quote: number, doubles: boolean = true): void {
    const sql = this.sql
    const length = this.#length
    let a = WORD_SEED_A
    let b = WORD_SEED_B
    for (position++; position < length; position++) {
      const code = sql.charCodeAt(position)
      if (code === quote) {
        if (!doubles || sql.charCodeAt(position + 1) !== quote) {
          this.hashA = a
          this.hashB = b
          return this.#take(QuotedIdentifier, position + 1)
        }
        position++
      }
      a = Math.imul(a ^ code, WORD_PRIME_A)
      b = Math.imul(b ^ code, WORD_PRIME_B)
    }
    this.#giveUp()
  }

  #readBracket(position: number): void {
    const { bracketIdentifiers } = this.rules
    if (bracketIdentifiers === 'yes') return this.#readQuoted(position, 0x5d, this.rules.doubledBrackets)
    this.#take(OpenBracket, position + 1)
    if (bracketIdentifiers === 'no') return
    const inside = this.sql.slice(position, position + MAX_BRACKET_IDENTIFIER)
    if (/^[^\]]*['"`$#]|^[^\]]*(?:--|\/\*)/.test(inside)) this.#giveUp()
  }

  #readColon(position: number): void {
    const next = this.sql.charCodeAt(position + 1)
    if (next === COLON) this.#take(Cast, position + 2)
    else if (next === 0x3d) this.#take(Operator, position + 2)
    else if (!this.rules.dollarParameters && this.#isWordAt(position + 1)) {
      this.#take(Parameter, this.#hashWord(position + 1))
    } else this.#take(Colon, position + 1)
  }

  #readDollar(position: number): void {
    const sql = this.sql
    const { dollarParameters, dollarNames, dollarQuotes } = this.rules
    let end = position + 1
    while (isDigit(sql.charCodeAt(end))) end++
    if (end > position + 1) {
      if (dollarParameters) this.#take(Parameter, end)
      else this.#readNumber(position + 1)
      return
    }
    if (dollarQuotes !== 'no') {
      if (this.#isWordAt(end)) end = endOfTag(sql, end)
      if (sql.charCodeAt(end) === DOLLAR) {
        const close = dollarQuotes === 'yes' ? sql.indexOf(sql.slice(position, end + 1), end + 1) : -1
        if (close < 0) this.#giveUp()
        else this.#take(StringLiteral, close + end + 1 - position)
        return
      }
    }
    if (dollarNames && this.#isWordAt(position + 1)) {
      this.#take(Parameter, this.#hashWord(position + 1))
    } else if (this.rules.dollarParameters) this.#take(Operator, position + 1)
    else this.#take(Word, this.#hashWord(position + 1))
  }

  /** What begins with a digit or a point is a literal to its end, junk that follows immediately included. */
  #readNumber(position: number): void {
    const sql = this.sql
    let code = sql.charCodeAt(position)
    if (code === 0x30 && /^[xob]/i.test(sql[position + 1] ?? '')) {
      return this.#take(NumberLiteral, this.#skipWord(position))
    }
    position = skipDigits(sql, position)
    if (sql.charCodeAt(position) === DOT && sql.charCodeAt(position + 1) !== DOT) {
      position = skipDigits(sql, position + 1)
    }
    code = sql.charCodeAt(position)
    if ((code | 0x20) === 0x65 && /^[+-]?\d/.test(sql.slice(position + 1, position + 3))) {
      position = skipDigits(sql, position + 2)
    }
    this.#take(NumberLiteral, this.#skipWord(position))
  }

  #readOperator(position: number, code: number): void {
    const sql = this.sql
    const rules = this.rules
    const next = sql.charCodeAt(position + 1)
    if (code === MINUS && next === MINUS && this.#readLineComment(position)) return
    if (code === SLASH && next === STAR) return this.#readBlockComment(position)
    if (code === SLASH && next === SLASH && rules.alternativeQuotes) return this.#giveUp()
    if (code === 0x3f && rules.questionMarks) {
      return this.#take(Parameter, skipDigits(sql, position + 1))
    }
    if (code === AT && rules.atNames) {
      let end = position + 1
      while (sql.charCodeAt(end) === AT) end++
      // `@@version` is a name, `@p1` a parameter.
      if (this.#isWordAt(end)) return this.#take(end > position + 1 ? Word : Parameter, this.#hashWord(end))
    }
    if (code === HASH) {
      if (rules.hashComments === 'yes') return this.#takeLineComment(position)
      if (rules.hashComments === 'unclear') return this.#giveUp()
      if (rules.wordCharacters.includes('#')) return this.#take(Word, this.#hashWord(position))
    }
    if (code === 0x60 && rules.backtickIdentifiers !== 'no') {
      this.#readQuoted(position, 0x60)
      if (rules.backtickIdentifiers === 'unclear' && /['"\\]|--|\/\*/.test(sql.slice(position, this.end)))
        this.#giveUp()
      return
    }
    this.#take(Operator, position < this.#signsEnd ? position + 1 : this.#endOfOperator(position))
  }

  #endOfOperator(position: number): number {
    const sql = this.sql
    const { questionMarks, atNames, backtickIdentifiers, hashComments } = this.rules
    let end = position + 1
    for (; end < this.#length; end++) {
      const code = sql.charCodeAt(end)
      if (code >= 128 || START[code] !== STARTS_OPERATOR) break
      const next = sql.charCodeAt(end + 1)
      if ((code === MINUS && next === MINUS) || (code === SLASH && next === STAR)) break
      if (code === 0x3f && questionMarks) break
      if (code === AT && atNames) break
      if (code === 0x60 && backtickIdentifiers !== 'no') break
      if (code === HASH && hashComments !== 'no') break
    }
    const last = sql.charCodeAt(end - 1)
    if (
      end > position + 1 &&
      (last === MINUS || last === 0x2b) &&
      !FREE_OPERATOR.test(sql.slice(position, end - 1))
    ) {
      this.#signsEnd = end
      do end--
      while (end > position + 1 && isSign(sql.charCodeAt(end - 1)))
    }
    return end
  }

  /** @returns whether it is a comment */
  #readLineComment(position: number): boolean {
    const sql = this.sql
    const { dashesNeedSpace } = this.rules
    const after = sql.charCodeAt(position + 2)
    const isSpace = after <= 0x20 || after === DELETE_CHARACTER || position + 2 >= this.#length
    if (dashesNeedSpace !== 'no' && !isSpace) {
      // Two dashes and then a comment: without that they may begin one themselves.
      if (dashesNeedSpace === 'yes' && (after === MINUS || after === SLASH || after === HASH)) {
        this.#giveUp()
        return true
      }
      if (dashesNeedSpace === 'yes') return false
      this.#takeLineComment(position)
      // As an expression, `5--x`, the line would go on being read; then quotes in it would count.
      if (/['"`$#[]|\/\*/.test(sql.slice(position, this.end))) this.#giveUp()
      return true
    }
    this.#takeLineComment(position)
    return true
  }

  #readBlockComment(position: number): void {
    const sql = this.sql
    const { nestedComments, executableComments } = this.rules
    const isExecutable = executableComments && /^M?!/.test(sql.slice(position + 2, position + 4))
    let depth = 1
    let end = position + 2
    for (; depth > 0; end++) {
      if (end >= this.#length) return this.#giveUp()
      const code = sql.charCodeAt(end)
      if (code === STAR && sql.charCodeAt(end + 1) === SLASH) {
        depth--
        end++
      } else if (
        code === SLASH &&
        sql.charCodeAt(end + 1) === STAR &&
        (nestedComments !== 'no' || isExecutable)
      ) {
        if (nestedComments !== 'yes') return this.#giveUp()
        depth++
        end++
      }
    }
    if (isExecutable && /['"`]|--|#/.test(sql.slice(position, end))) return this.#giveUp()
    this.#take(Comment, end)
  }

  /** Of a comment; where a lone carriage return may end it and may not, what follows that is unreadable. */
  #endOfLine(position: number): number {
    const { sql, rules } = this
    const newline = sql.indexOf('\n', position)
    const end = newline < 0 ? this.#length : newline
    if (rules.returnEndsComment === 'no') return end
    while (position < end && sql.charCodeAt(position) !== 0x0d) position++
    return position
  }

  #isWordAt(position: number): boolean {
    const code = this.sql.charCodeAt(position)
    return code >= 128 ? !this.#isSpace(code) : (this.#word[code] ?? 0) !== 0
  }

  /** Of a character beyond ASCII. */
  #isSpace(code: number): boolean {
    return this.rules.unicodeSpaces && UNICODE_SPACE.test(String.fromCharCode(code))
  }

  #skipWord(position: number): number {
    const mayQuote = this.rules.dollarQuotes !== 'no'
    while (position < this.#length && this.#isWordAt(position)) {
      if (mayQuote && this.sql.charCodeAt(position) === DOLLAR) break
      position++
    }
    return position
  }
}

const wordTables = new Map<string, Uint8Array>()

function wordTableOf({ wordCharacters }: LexicalRules): Uint8Array {
  let table = wordTables.get(wordCharacters)
  if (table === undefined) {
    table = WORD.slice()
    for (const character of wordCharacters) table[character.charCodeAt(0)] = character.charCodeAt(0)
    wordTables.set(wordCharacters, table)
  }
  return table
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isSign(code: number): boolean {
  return code === MINUS || code === 0x2b
}

function skipDigits(sql: string, position: number): number {
  while (isDigit(sql.charCodeAt(position)) || sql[position] === '_') position++
  return position
}

function endOfPostgresLine(sql: string, position: number): number {
  while (position < sql.length && sql.charCodeAt(position) !== NEWLINE && sql.charCodeAt(position) !== 0x0d)
    position++
  return position
}

/** Whether an odd number of backslashes stands in front of `position`, none of them before `from`. */
function isEscaped(sql: string, position: number, from: number): boolean {
  let first = position
  while (first > from && sql.charCodeAt(first - 1) === BACKSLASH) first--
  return (position - first) % 2 === 1
}

/** @returns the offset behind the quote that continues a string after a line break, or -1 */
function continuationOf(sql: string, position: number): number {
  let onNewLine = false
  for (; position < sql.length; position++) {
    const code = sql.charCodeAt(position)
    if (code === NEWLINE || code === 0x0d) onNewLine = true
    else if (code === MINUS && sql.charCodeAt(position + 1) === MINUS)
      position = endOfPostgresLine(sql, position) - 1
    else if (code !== 0x20 && (code < 0x09 || code > 0x0d)) {
      return code === QUOTE && onNewLine ? position + 1 : -1
    }
  }
  return -1
}

function endOfTag(sql: string, position: number): number {
  for (; position < sql.length; position++) {
    const code = sql.charCodeAt(position)
    if (code < 128 && (WORD[code] === 0 || WORD[code] === undefined)) break
  }
  return position
}
