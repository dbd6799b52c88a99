import { CharacterCode, isDigit, isNameStart, isWordCharacter } from './characters.js'
import type { LexicalRules } from './lexical-rules.js'
import { factsOf, Keyword, lookUpWord, WordFact } from './keywords.js'
import { RepeatedParametersTokenizer } from './repeated-parameters.js'
import { TokenKind } from './token-kind.js'
import { WatchedWords } from './watched-words.js'

// A module's own constants are compared faster than properties of an imported object.
const {
  CloseBracket,
  CloseParenthesis,
  Colon,
  Comma,
  Comment,
  Dot,
  End,
  NumberLiteral,
  OpenBracket,
  Operator,
  Parameter,
  QuotedIdentifier,
  StringLiteral,
  Word,
} = TokenKind
const { AS, DELETE, DIV, FROM, INTERVAL, INTO, IS, JOIN, MERGE, MOD, NOT, OFFSET, UESCAPE, UPDATE } = Keyword
const { Constant, Operand, Reserved, Watched } = WordFact

const { AMPERSAND, COLON, MINUS, PLUS, QUESTION_MARK, QUOTE, UNDERSCORE } = CharacterCode

/** @see https://dev.mysql.com/doc/refman/9.7/en/charset-introducer.html */
const CHARSET_INTRODUCER =
  /^_(?:armscii8|ascii|big5|binary|cp\d{3,4}|dec8|eucjpms|euckr|gb18030|gb2312|gbk|geostd8|greek|hebrew|hp8|keybcs2|koi8[ru]|latin[1257]|mac(?:ce|roman)|sjis|swe7|tis620|ucs2|ujis|utf16(?:le)?|utf32|utf8(?:mb[34])?)$/i

/** Makes the hash of a table variable differ from that of a table with the same name. */
const VARIABLE = 0x40

/** Receives the comments that a {@link TokenReader} skips, except those between the parts of one literal. */
export interface CommentHandler {
  /**
   * @param start offset of the comment's first UTF-16 unit
   * @param end offset after its last
   */
  dropComment(start: number, end: number): void
}

/** For readers that do not keep the text. */
export const ignoreComments: CommentHandler = { dropComment: () => {} }

/**
 * Reads the tokens of a statement that matter for its meaning.
 *
 * It drops comments, joins a sign to the number after it, joins the parts of a literal, and knows which tokens are
 * constants.
 */
export class TokenReader extends RepeatedParametersTokenizer {
  /** The {@link Keyword} that the token is, or 0. */
  keyword: number = 0
  /** The {@link WordFact}s of the token, or 0. */
  facts: number = 0
  /** Whether the token is a literal or a parameter, which change from one execution to the next. */
  isConstant: boolean = false
  /** Whether the token is a constant that must not leave the process. */
  isLiteral: boolean = false
  /** The {@link Keyword} of the token before, or 0. */
  previousKeyword: number = 0
  previousKind: TokenKind = End
  previousFacts: number = 0
  /** The number of tokens read so far, this one included, and how many of them are parameters and commas. */
  tokens: number = 0
  parameters: number = 0
  commas: number = 0
  /** Whether the token ends an operand, so that a sign after it is an operator. */
  #endsOperand = false
  readonly #watched = new WatchedWords()

  override begin(sql: string, rules: LexicalRules): void {
    super.begin(sql, rules)
    this.#endsOperand = false
    this.#watched.begin()
    this.keyword = this.facts = 0
    this.tokens = this.parameters = this.commas = 0
  }

  /**
   * Whether a word touches the string, as in `'O'Brien'` and `'it's'`.
   *
   * An application leaves such texts when it puts a value with a quote between quotes without escaping it.
   */
  get touchesWord(): boolean {
    // `'x'AS y`
    if (isWordCharacter(this.sql.charCodeAt(this.end))) return !this.#isReservedAt(this.end)
    // `N'…'`, `date'…'`, `like'…'`
    return isWordCharacter(this.sql.charCodeAt(this.start - 1)) && this.previousFacts === 0
  }

  /** Whether the token is in double quotes that are a name in some systems and a string in others. */
  get isDoubtfulName(): boolean {
    return (
      this.kind === QuotedIdentifier &&
      this.rules.doubleQuotedIdentifiers === 'unclear' &&
      this.sql.charCodeAt(this.start) === 0x22
    )
  }

  /** Whether the token has one of these facts. */
  has(facts: number): boolean {
    return (this.facts & facts) !== 0
  }

  /** Makes the current token, which looks like a name, a literal. */
  takeAsLiteral(): void {
    this.kind = StringLiteral
    this.keyword = this.facts = 0
    this.isConstant = this.isLiteral = true
  }

  /** Makes the current token the end of the text. */
  skipToEnd(): void {
    this.kind = End
    this.isConstant = this.isLiteral = false
    this.keyword = this.facts = 0
  }

  /** Reads the next token that is not a comment, and reports the comments before it. */
  read(comments: CommentHandler): void {
    this.previousKeyword = this.keyword
    this.previousKind = this.kind
    this.previousFacts = this.facts
    this.tokens++
    this.next()
    while (this.kind === Comment) {
      comments.dropComment(this.start, this.end)
      this.next()
    }
    this.isConstant = this.isLiteral = false
    this.keyword = this.facts = 0
    switch (this.kind) {
      case Word:
        this.#readWord()
        return
      case Parameter:
        if (this.#isNumberAfterColon()) {
          this.kind = Colon
          this.end = this.start + 1
          this.#endsOperand = false
          return
        }
        this.#endsOperand = true
        if (this.rules.tableVariables && this.#isTableVariable()) {
          this.kind = Word
          this.hashA ^= VARIABLE
          return
        }
        this.parameters++
        this.isConstant = true
        return
      case Comma:
        this.commas++
        this.#endsOperand = false
        return
      case StringLiteral:
        if (this.sql.charCodeAt(this.start + 1) === AMPERSAND) this.#takeUescape()
        else if (this.rules.adjacentStrings) while (this.#takeNext(StringLiteral, StringLiteral));
        this.isConstant = this.isLiteral = this.#endsOperand = true
        return
      case NumberLiteral:
        this.isConstant = this.isLiteral = this.#endsOperand = true
        return
      case QuotedIdentifier:
      case CloseParenthesis:
      case CloseBracket:
        this.#endsOperand = true
        return
      case Operator:
        this.#readOperator(comments)
        return
      case Colon:
        this.#readColon()
        return
      default:
        this.#endsOperand = false
    }
  }

  #readWord(): void {
    // After a dot every word is a name.
    const found = this.previousKind === Dot ? 0 : lookUpWord(this.hashA, this.hashB)
    this.#endsOperand = true
    const watched = this.#watched
    if (watched.isActive && watched.isPassword(this.tokens, found & 0xff)) {
      this.isConstant = this.isLiteral = true
      return
    }
    if (found === 0) {
      if (this.sql.charCodeAt(this.start) === UNDERSCORE && this.rules.charsetIntroducers)
        this.#takeIntroduced()
      return
    }
    if (this.#isNationalPrefix()) {
      this.#takeNext(StringLiteral, StringLiteral)
      this.isConstant = this.isLiteral = true
      return
    }
    this.keyword = found & 0xff
    this.facts = found >>> 8
    this.#endsOperand = this.#isOperand()
    if ((this.facts & (Constant | Watched)) === 0 && !watched.isActive) return
    if (watched.isActive && watched.follow(this.tokens, this.keyword, this.previousKeyword)) this.keyword = 0
    if (this.has(Watched)) watched.isActive = true
    if (!this.has(Constant)) return
    switch (this.previousKeyword) {
      // `IS NOT NULL`, `a int NOT NULL`, `AS true`
      case IS:
      case NOT:
      case AS:
        return
    }
    this.isConstant = this.isLiteral = true
  }

  /**
   * Whether the token is `:1` behind an operand, as in `json_object('id':1)`: a colon and a number. SQLite has no such
   * colon.
   */
  #isNumberAfterColon(): boolean {
    const { sql, start } = this
    if (!this.#endsOperand || sql.charCodeAt(start) !== COLON) return false
    return isDigit(sql.charCodeAt(start + 1)) && this.rules.tclParameters !== 'yes'
  }

  #readOperator(comments: CommentHandler): void {
    const code = this.end === this.start + 1 ? this.sql.charCodeAt(this.start) : 0
    if (code === QUESTION_MARK && !this.#endsOperand) {
      this.kind = Parameter
      this.isConstant = this.#endsOperand = true
      return
    }
    const isSign = (code === MINUS || code === PLUS) && !this.#endsOperand
    this.#endsOperand = false
    if (isSign) this.#takeSigned(comments)
  }

  /** Reads `:name` as a parameter, unless an operand stands before it: `a[b:c]` is a slice. */
  #readColon(): void {
    const code = this.sql.charCodeAt(this.end)
    const isName = (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a
    if (isName && !this.#endsOperand && this.previousKind !== OpenBracket) {
      const { start, end } = this
      this.next()
      this.start = start
      // `:E'…'` is a colon and a string.
      if (this.kind !== Word) {
        this.kind = Colon
        this.end = end
        this.#endsOperand = false
        return
      }
      this.kind = Parameter
      this.isConstant = this.#endsOperand = true
      return
    }
    this.#endsOperand = false
  }

  #isReservedAt(position: number): boolean {
    const [word = ''] = /^\w{1,20}/.exec(this.sql.slice(position, position + 20)) ?? []
    return (factsOf(word.toLowerCase()) & Reserved) !== 0
  }

  /** Whether the word is the `N` of `N'…'`. */
  #isNationalPrefix(): boolean {
    return (
      this.end === this.start + 1 &&
      (this.sql.charCodeAt(this.start) | 0x20) === 0x6e &&
      this.sql.charCodeAt(this.end) === QUOTE
    )
  }

  /** Whether a sign after the word is an operator. */
  #isOperand(): boolean {
    const { rules } = this
    switch (this.keyword) {
      case OFFSET:
        // Other systems allow a column of this name.
        return !rules.postgresStrings
      case INTERVAL:
      case DIV:
      case MOD:
        return !rules.operatorWords
      default:
        return (this.facts & (Reserved | Operand)) !== Reserved
    }
  }

  /** Whether the `@name` stands where only a table can. */
  #isTableVariable(): boolean {
    switch (this.previousKeyword) {
      case FROM:
      case JOIN:
      case INTO:
      case UPDATE:
      case DELETE:
      case MERGE:
        // Drivers write parameters as `@1`, which is no name.
        return this.sql[this.start] === '@' && isNameStart(this.sql.charCodeAt(this.start + 1))
      default:
        return false
    }
  }

  /** Joins a sign and the constant after it into one token. */
  #takeSigned(comments: CommentHandler): void {
    const { start, end } = this
    if (!this.#takeNext(NumberLiteral, Parameter) && !this.#takeNext(StringLiteral, StringLiteral)) return
    this.isConstant = this.#endsOperand = true
    this.isLiteral = this.kind !== Parameter
    if (this.isLiteral) return
    this.parameters++
    // A parameter stays in the text, but a comment between the sign and the parameter must not.
    this.end = end
    for (this.next(); this.kind === Comment; this.next()) comments.dropComment(this.start, this.end)
    this.start = start
  }

  /** Joins `U&'…' UESCAPE '…'` into one token. */
  #takeUescape(): void {
    const { end } = this
    if (!this.#takeNext(Word, Word)) return
    this.kind = StringLiteral
    const isUescape = (lookUpWord(this.hashA, this.hashB) & 0xff) === UESCAPE
    if (!isUescape || !this.#takeNext(StringLiteral, StringLiteral)) this.end = end
  }

  /** Joins `_utf8mb4 '…'` into one token. */
  #takeIntroduced(): void {
    if (!CHARSET_INTRODUCER.test(this.sql.slice(this.start, this.end))) return
    if (this.#takeNext(StringLiteral, NumberLiteral)) this.isConstant = this.isLiteral = true
  }

  /**
   * Joins the next token to the current one if it is of one of two kinds; otherwise changes nothing.
   *
   * @returns whether the tokens were joined
   */
  #takeNext(one: TokenKind, other: TokenKind): boolean {
    const { kind, start, end, hashA, hashB, isDoubtful } = this
    do this.next()
    while (this.kind === Comment)
    const isWanted = this.kind === one || this.kind === other
    this.start = start
    if (!isWanted) {
      this.kind = kind
      this.end = end
      this.hashA = hashA
      this.hashB = hashB
      this.isDoubtful = isDoubtful
    }
    return isWanted
  }
}
