import {
  CharacterCode,
  continuationOf,
  isDigit,
  isEscaped,
  lowerCase,
  skipDigits,
  WORD_CHARACTERS,
} from './characters.js'
import { CharacterClass, SINGLE, START } from './character-classes.js'
import { endOfBlockComment, endOfDashComment, endOfLineComment, NO_COMMENT, UNCLEAR_END } from './comments.js'
import { lexicalRulesOf } from './dialect.js'
import type { LexicalRules } from './lexical-rules.js'
import { WORD_PRIME_A, WORD_PRIME_B, WORD_SEED_A, WORD_SEED_B } from './token-hash.js'
import { TokenKind } from './token-kind.js'

// A module's own constants are compared faster than properties of an imported object.
const {
  STARTS_COLON,
  STARTS_DIGIT,
  STARTS_DOLLAR,
  STARTS_DOT,
  STARTS_DOUBLE_QUOTE,
  STARTS_OPEN_BRACKET,
  STARTS_OPERATOR,
  STARTS_QUOTE,
  STARTS_SINGLE,
  STARTS_SPACE,
  STARTS_WORD,
} = CharacterClass

const {
  AMPERSAND,
  AT,
  BACKTICK,
  CLOSE_BRACKET,
  CLOSE_PARENTHESIS,
  COLON,
  DOLLAR,
  DOT,
  DOUBLE_QUOTE,
  EQUALS,
  HASH,
  MINUS,
  OPEN_BRACE,
  OPEN_PARENTHESIS,
  PLUS,
  QUESTION_MARK,
  QUOTE,
  SLASH,
  SPACE,
  STAR,
  ZERO,
} = CharacterCode

const {
  Cast,
  Colon,
  Comment,
  Dot,
  End,
  NumberLiteral,
  OpenBracket,
  Operator,
  Parameter,
  QuotedIdentifier,
  StringLiteral,
  Unreadable,
  Word,
} = TokenKind

/** An operator may end in `+` or `-` only if it holds one of these. */
const FREE_OPERATOR = /[~!@#^&|`?%]/

const MAX_BRACKET_IDENTIFIER = 130

const UNICODE_SPACE = /[\s\u0085]/

/** Escape clauses of ODBC, such as `{d '…'}` and `{call p}`. Some systems read other braces as comments. */
const ESCAPE_CLAUSE = /^\{\s*(?:\?|(?:d|t|ts|fn|oj|call|guid|escape)\b)/i

/** Currency signs begin an amount of money in SQL Server: `£5` is a literal. */
const CURRENCY = /[\p{Sc}]/u

/**
 * Splits a SQL text into tokens, one for each call of {@link Tokenizer.next}.
 *
 * It takes time linear in the length of the text, makes no objects, accepts any text and never throws. Under the rules
 * of PostgreSQL its tokens are those of PostgreSQL's scanner.
 *
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export class Tokenizer {
  kind: TokenKind = End
  /** Offset of the token's first UTF-16 unit. */
  start: number = 0
  /** Offset after the token's last UTF-16 unit. */
  end: number = 0
  /** Hash of a word in lower case or of a quoted identifier: `"id"` has the hash of `ID`. */
  hashA: number = 0
  hashB: number = 0
  /** Whether another setting of the session would end this string or an earlier one elsewhere. */
  isDoubtful: boolean = false
  /** The text. */
  protected sql: string = ''
  protected rules: LexicalRules = lexicalRulesOf('other_sql')
  #length: number = 0
  /** Up to this offset each sign is a token. Searching again for a longer operator would take quadratic time. */
  #signsEnd: number = 0
  /** The characters of a word by the rules, as {@link WORD_CHARACTERS}. */
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

  /** Releases the text. */
  release(): void {
    this.sql = ''
  }

  /** Reads the next token into {@link kind}, {@link start} and {@link end}. Comments are tokens; white space is not. */
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
        if (this.rules.isUnknown && sql.startsWith("'''", position)) {
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
          code === OPEN_BRACE &&
          this.rules.isUnknown &&
          !ESCAPE_CLAUSE.test(sql.slice(position, position + 12))
        ) {
          this.#giveUp()
        } else this.#take(Operator, position + 1)
    }
  }

  #take(kind: TokenKind, end: number): void {
    this.kind = kind
    this.end = end
  }

  #takeComment(end: number): void {
    if (end === UNCLEAR_END) this.#giveUp()
    else this.#take(Comment, end)
  }

  /** Makes the rest of the text one unreadable token: a literal may be anywhere in it. */
  #giveUp(): void {
    this.#take(Unreadable, this.#length)
  }

  #readWord(position: number, first: number): void {
    const sql = this.sql
    const next = sql.charCodeAt(position + 1)
    if ((next === QUOTE || next === AMPERSAND) && this.#readPrefixed(position, first, next)) return
    if (first >= 128 && !this.rules.postgresStrings && CURRENCY.test(sql[position] ?? '')) {
      this.#readNumber(position + 1)
      return
    }
    const end = this.#hashWord(position)
    this.#take(Word, end)
    if (this.rules.isUnknown && sql.charCodeAt(end) === QUOTE && /^n?q$/i.test(sql.slice(position, end))) {
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

  /**
   * Reads a string or an identifier with a prefix: `E'…'`, `B'…'`, `X'…'`, `U&'…'`, `U&"…"`.
   *
   * @returns whether the letter is such a prefix
   */
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
   * Reads a string.
   *
   * If it is unclear whether a backslash escapes the quote after it, the reader follows the usual setting and marks the
   * text as doubtful: in the other setting strings begin where they end in this one.
   *
   * @param position after the opening quote
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
      // With ANSI_QUOTES it is an identifier, in which a backslash escapes nothing.
      if (/\\["']/.test(this.sql.slice(position, this.end))) this.#giveUp()
      return
    }
    if (doubleQuotedIdentifiers === 'unclear' && this.sql.startsWith('"""', position)) return this.#giveUp()
    this.#readQuoted(position, DOUBLE_QUOTE)
    if (doubleQuotedIdentifiers === 'unclear' && this.sql.slice(position, this.end).includes('\\'))
      this.#giveUp()
  }

  /**
   * Reads an identifier in quotes.
   *
   * @param doubles whether a doubled closing quote belongs to the identifier
   */
  #readQuoted(position: number, quote: number, doubles: boolean = true): void {
    const sql = this.sql
    const length = this.#length
    const { quotesKeepCase } = this.rules
    let a = WORD_SEED_A
    let b = WORD_SEED_B
    for (position++; position < length; position++) {
      let code = sql.charCodeAt(position)
      if (code === quote) {
        if (!doubles || sql.charCodeAt(position + 1) !== quote) {
          this.hashA = a
          this.hashB = b
          return this.#take(QuotedIdentifier, position + 1)
        }
        position++
      }
      if (!quotesKeepCase) code = lowerCase(code)
      a = Math.imul(a ^ code, WORD_PRIME_A)
      b = Math.imul(b ^ code, WORD_PRIME_B)
    }
    this.#giveUp()
  }

  #readBracket(position: number): void {
    const { bracketIdentifiers } = this.rules
    if (bracketIdentifiers === 'yes')
      return this.#readQuoted(position, CLOSE_BRACKET, this.rules.doubledBrackets)
    this.#take(OpenBracket, position + 1)
    if (bracketIdentifiers === 'no') return
    const inside = this.sql.slice(position, position + MAX_BRACKET_IDENTIFIER)
    if (/^[^\]]*(?:['"`$#]|--|\/\*|\]\])/.test(inside)) this.#giveUp()
  }

  #readColon(position: number): void {
    const next = this.sql.charCodeAt(position + 1)
    if (next === COLON) this.#take(Cast, position + 2)
    else if (next === EQUALS) this.#take(Operator, position + 2)
    else if (!this.rules.dollarParameters && this.#isWordAt(position + 1)) {
      this.#takeParameter(this.#hashWord(position + 1))
    } else this.#take(Colon, position + 1)
  }

  /**
   * Reads a named parameter, which may continue as in Tcl: `$a::b(c)`.
   *
   * @param end of its first name
   * @see https://www.sqlite.org/lang_expr.html#varparam
   */
  #takeParameter(end: number): void {
    const { sql } = this
    const { tclParameters } = this.rules
    if (tclParameters === 'no') return this.#take(Parameter, end)
    // `@a$b$…` may be an operator, a name and a string between dollars.
    if (tclParameters === 'unclear' && sql.slice(this.start + 1, end).includes('$')) return this.#giveUp()
    let furtherEnd = end
    while (sql.startsWith('::', furtherEnd)) furtherEnd = this.#skipWord(furtherEnd + 2)
    if (sql.charCodeAt(furtherEnd) === OPEN_PARENTHESIS) furtherEnd = endOfSuffix(sql, furtherEnd)
    if (tclParameters === 'yes') return furtherEnd < 0 ? this.#giveUp() : this.#take(Parameter, furtherEnd)
    const further = furtherEnd < 0 ? sql.slice(end) : sql.slice(end, furtherEnd)
    // The suffix may be a cast or a call. Both readings agree unless it holds the beginning of a string or a comment.
    if (/['"`[\]$#]|--|\/\*/.test(further)) this.#giveUp()
    else this.#take(Parameter, end)
  }

  #readDollar(position: number): void {
    const sql = this.sql
    const { dollarParameters, dollarNames, dollarQuotes } = this.rules
    let end = position + 1
    while (isDigit(sql.charCodeAt(end))) end++
    if (end > position + 1) {
      if (dollarParameters) this.#take(Parameter, end)
      else if (this.rules.tclParameters === 'yes') {
        this.#takeParameter(this.#skipWord(position + 1))
        // `$12.50` may be meant as an amount of money, so it is hidden like one.
        if (this.kind === Parameter) this.kind = NumberLiteral
      } else this.#readNumber(position + 1)
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
    if (dollarNames && (this.#isWordAt(position + 1) || sql.startsWith('::', position + 1))) {
      this.#takeParameter(this.#hashWord(position + 1))
    } else if (this.rules.dollarParameters) this.#take(Operator, position + 1)
    else this.#take(Word, this.#hashWord(position + 1))
  }

  /** Reads a number. Letters that touch it belong to it, so that none of them can pass as a name. */
  #readNumber(position: number): void {
    const sql = this.sql
    let code = sql.charCodeAt(position)
    if (code === ZERO && /^[xob]/i.test(sql[position + 1] ?? '')) {
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
    if (code === MINUS && next === MINUS) {
      const end = endOfDashComment(sql, position, rules)
      if (end !== NO_COMMENT) return this.#takeComment(end)
    }
    if (code === SLASH && next === STAR) return this.#takeComment(endOfBlockComment(sql, position, rules))
    if (code === SLASH && next === SLASH && rules.isUnknown) return this.#giveUp()
    if (code === QUESTION_MARK && rules.questionMarks) {
      return this.#take(Parameter, skipDigits(sql, position + 1))
    }
    if (code === AT && rules.atNames) {
      let end = position + 1
      while (sql.charCodeAt(end) === AT) end++
      // `@@version` is a name, `@p1` is a parameter.
      if (this.#isWordAt(end)) {
        const isSystem = end > position + 1
        end = this.#hashWord(end)
        if (!isSystem) return this.#takeParameter(end)
        // `@@$a$…` may be an operator and a string between dollars.
        const mayQuote = rules.dollarQuotes === 'unclear' && sql.slice(position, end).includes('$')
        return mayQuote ? this.#giveUp() : this.#take(Word, end)
      }
      if (rules.tclParameters !== 'no' && sql.startsWith('::', end)) return this.#takeParameter(end)
    }
    if (code === HASH) {
      if (rules.hashComments === 'yes') return this.#takeComment(endOfLineComment(sql, position, rules))
      if (rules.hashComments === 'unclear') return this.#giveUp()
      if (rules.wordCharacters.includes('#')) return this.#take(Word, this.#hashWord(position))
    }
    if (code === BACKTICK && rules.backtickIdentifiers !== 'no') {
      this.#readQuoted(position, BACKTICK)
      if (rules.backtickIdentifiers === 'unclear' && /['"\\$#]|--|\/\*/.test(sql.slice(position, this.end)))
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
      if (code === QUESTION_MARK && questionMarks) break
      if (code === AT && atNames) break
      if (code === BACKTICK && backtickIdentifiers !== 'no') break
      if (code === HASH && hashComments !== 'no') break
    }
    const last = sql.charCodeAt(end - 1)
    if (
      end > position + 1 &&
      (last === MINUS || last === PLUS) &&
      !FREE_OPERATOR.test(sql.slice(position, end - 1))
    ) {
      this.#signsEnd = end
      do end--
      while (end > position + 1 && isSign(sql.charCodeAt(end - 1)))
    }
    return end
  }

  #isWordAt(position: number): boolean {
    const code = this.sql.charCodeAt(position)
    return code >= 128 ? !this.#isSpace(code) : (this.#word[code] ?? 0) !== 0
  }

  /** Whether a character with a code of 128 or more is white space. */
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
    table = WORD_CHARACTERS.slice()
    for (const character of wordCharacters) table[character.charCodeAt(0)] = character.charCodeAt(0)
    wordTables.set(wordCharacters, table)
  }
  return table
}

function isSign(code: number): boolean {
  return code === MINUS || code === PLUS
}

/** @returns the offset after the next closing parenthesis, or -1 if white space stands before it */
function endOfSuffix(sql: string, position: number): number {
  for (; position < sql.length; position++) {
    const code = sql.charCodeAt(position)
    if (code === CLOSE_PARENTHESIS) return position + 1
    if (code === SPACE || (code >= 0x09 && code <= 0x0d)) return -1
  }
  return -1
}

function endOfTag(sql: string, position: number): number {
  for (; position < sql.length; position++) {
    const code = sql.charCodeAt(position)
    if (code < 128 && WORD_CHARACTERS[code] === 0) break
  }
  return position
}
