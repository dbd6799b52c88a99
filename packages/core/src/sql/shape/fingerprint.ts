import { Keyword, WordFact } from '../tokens/keywords.js'
import { ListFolding } from './list-folding.js'
import type { OperationTargets } from './operation-targets.js'
import type { SafeText } from './safe-text.js'
import { CONSTANT_LANE, PUNCTUATION_LANE, TokenHash } from '../tokens/token-hash.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TypeFolding } from './type-folding.js'
import { TokenKind } from '../tokens/token-kind.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
const {
  Cast,
  CloseBracket,
  CloseParenthesis,
  Comma,
  NumberLiteral,
  OpenBracket,
  OpenParenthesis,
  Operator,
  Parameter,
  QuotedIdentifier,
  Semicolon,
  Word,
} = TokenKind
const {
  APPLY,
  ARRAY,
  AS,
  ASC,
  AT,
  BY,
  CUBE,
  DEFAULT,
  DESC,
  DISTINCT,
  FROM,
  GROUP,
  GROUPING,
  IN,
  INNER,
  INTO,
  JOIN,
  ON,
  ORDER,
  OUTER,
  ROLLUP,
  ROW,
  SELECT,
  SETS,
  STRAIGHT_JOIN,
  TABLE,
  USING,
  VALUES,
  WITH,
} = Keyword
const { EndsTables, Reserved } = WordFact

/** Lanes that set what is no identifier apart from one. */
const UNREADABLE = 0x3f3f3f3f
const KEYWORD = 0x4b657977

/**
 * Hashes what stays the same when the values of a statement change.
 *
 * The rules, each with an example and its reason, are in `docs/FINGERPRINTS.md`.
 */
export class Fingerprint {
  readonly #hash = new TokenHash()
  readonly #lists: ListFolding
  readonly #types = new TypeFolding(this.#hash)
  #sql = ''
  /** How many brackets are open. */
  #depth = 0
  #hasSemicolon = false
  #isEmpty = true
  /** `ORDER BY 2` names a column: there the number counts, if it stands alone. */
  #expectsPosition = false
  /** How many brackets are open where commas separate positions, and where such a list began; -1 outside. */
  #positionsDepth = -1
  #positionsBase = -1
  #position = 0
  /** `AS`, `INNER` or `OUTER`, as long as it is open whether it counts. */
  #optional = 0
  #optionalA = 0
  #optionalB = 0
  /** Between the `ROW` of `VALUES ROW (…)` and its parenthesis. */
  #isRow = false
  /** How many parentheses stand right beside each other up to the last one that was opened. */
  #opened = 0
  /**
   * How many brackets are open around each `SELECT`, and what was known of positions outside of it; an `ORDER BY`
   * in deeper ones is that of a function.
   */
  readonly #selects: number[] = []
  #rememberedA = 0
  #rememberedB = 0

  /** @param targets lose what repeats itself in lists */
  constructor(targets: OperationTargets) {
    this.#lists = new ListFolding(this.#hash, targets)
  }

  /** Begins a statement. */
  begin(sql: string, isPostgres: boolean): void {
    this.#sql = sql
    this.#hash.reset(0)
    this.#lists.reset()
    this.#types.reset(isPostgres)
    this.#depth = 0
    this.#hasSemicolon = false
    this.#isEmpty = true
    this.#expectsPosition = this.#isRow = false
    this.#positionsDepth = this.#positionsBase = -1
    this.#opened = this.#position = this.#optional = 0
    if (this.#selects.length > 0) this.#selects.length = 0
  }

  /**
   * Appends a token.
   *
   * @param text loses what repeats itself in lists of literals
   */
  add(token: TokenReader, text: SafeText): void {
    if (this.#optional > 0) this.#endOptional(token)
    if (this.#position > 0) this.#endPosition(!continuesExpression(token))
    if (this.#types.skips(token)) {
      if (this.#types.closedCast) this.#depth--
      return
    }
    const { kind } = token
    const expectsPosition = this.#expectsPosition
    this.#expectsPosition = false
    if (kind === Comma) return this.#addComma(token, text)
    if (kind === OpenParenthesis && this.#lists.openRow(this.#depth, token)) {
      this.#depth++
      return
    }
    if (token.keyword === ROW && (token.previousKeyword === VALUES || this.#lists.expectsRow)) {
      this.#isRow = true
      return
    }
    if (this.#lists.endRows()) this.#addMark(Comma)
    if (kind === Semicolon) {
      // A list that is still open is none.
      this.#lists.finish()
      this.#hasSemicolon = true
      return
    }
    if (this.#hasSemicolon) {
      this.#hasSemicolon = false
      if (!this.#isEmpty) this.#addMark(Semicolon)
    }
    this.#isEmpty = false
    if (token.isConstant) return this.#addConstant(token, expectsPosition)
    switch (kind) {
      case Word:
        return this.#addWord(token, expectsPosition)
      case QuotedIdentifier:
        return this.#hash.add(token.hashA, token.hashB)
      case OpenParenthesis:
      case OpenBracket:
        return this.#open(token, expectsPosition)
      case CloseParenthesis:
      case CloseBracket:
        return this.#close(token, text)
      case Operator:
        return this.#addOperator(token.start, token.end)
      default:
        this.#addMark(kind)
    }
  }

  /** Remembers what was read so far. */
  remember(): void {
    const { a, b } = this.#lists.peek()
    this.#rememberedA = a
    this.#rememberedB = b
  }

  /** Forgets what was read since {@link remember}; nothing but the rest may follow. */
  goBack(): void {
    this.#lists.reset()
    this.#hash.a = this.#rememberedA
    this.#hash.b = this.#rememberedB
  }

  /** Appends what cannot be read, or is not to be, up to the end. */
  addRest(): void {
    this.#lists.abandon()
    this.#hash.add(UNREADABLE, UNREADABLE)
  }

  /** Skips what follows a token and would change nothing: further parameters of a list, further rows of them. */
  skipRepetitions(token: TokenReader): void {
    if (token.kind === Parameter) {
      if (this.#lists.isFirst(token)) token.skipParameters()
    } else if (token.kind === CloseParenthesis) {
      const parameters = this.#lists.parametersIn(token)
      if (parameters > 0) token.skipRows(parameters)
    }
  }

  /** `q1:` and 16 hexadecimal digits. */
  finish(): string {
    if (this.#position > 0) this.#endPosition(true)
    this.#lists.finish()
    this.#sql = ''
    return `q1:${this.#hash}`
  }

  #addConstant(token: TokenReader, isPosition: boolean): void {
    if (token.isLiteral) this.#lists.noteLiteral()
    if (token.hasOperator) this.#addOperator(token.start, token.start + 1)
    this.#types.constant(token)
    if (isPosition && token.kind === NumberLiteral) {
      this.#position = Number.parseInt(this.#sql.slice(token.start, token.end), 10)
      if (this.#position > 0) return
    }
    this.#hash.add(CONSTANT_LANE, CONSTANT_LANE)
  }

  /**
   * Leaves out a word that may as well not be there: `FROM orders AS o`, `INNER JOIN`, `LEFT OUTER JOIN`. In front
   * of a reserved word `AS` makes a difference, and elsewhere the others are names.
   */
  #endOptional(next: TokenReader): void {
    const isJoin = next.keyword === JOIN || next.keyword === APPLY
    const counts = this.#optional === AS ? next.kind === Word && next.has(Reserved) : !isJoin
    this.#optional = 0
    if (counts) this.#hash.add(this.#optionalA, this.#optionalB)
  }

  /** What follows a number in `ORDER BY` says whether it names a column, or begins an expression. */
  #endPosition(isAlone: boolean): void {
    this.#hash.add(CONSTANT_LANE, isAlone ? CONSTANT_LANE + this.#position : CONSTANT_LANE)
    this.#position = 0
  }

  #addWord(token: TokenReader, expectsPosition: boolean): void {
    if (this.#lists.isAt(this.#depth) && isOfClause(token)) this.#lists.leaveToClause(token)
    switch (token.keyword) {
      case AS:
      case INNER:
      case OUTER:
        this.#optional = token.keyword
        this.#optionalA = token.hashA ^ KEYWORD
        this.#optionalB = token.hashB
        return
      case DEFAULT:
        if (!this.#lists.isInValues) break
        this.#hash.add(CONSTANT_LANE, CONSTANT_LANE)
        return
      case SELECT:
        this.#beginQuery(token)
        break
      case VALUES:
      case TABLE:
        if (token.previousKind === OpenParenthesis) this.#beginQuery(token)
        break
      case BY:
        // Inside a window or an aggregate it orders by values, and leaves an outer one as it is.
        if (this.#depth > 0 && this.#selects[this.#selects.length - 1] !== this.#depth) break
        if (token.previousKeyword === ORDER || token.previousKeyword === GROUP)
          this.#expectPositions(this.#depth)
        break
      case ON:
        // `DISTINCT ON (1)`
        if (token.previousKeyword === DISTINCT) this.#expectPositions(this.#depth + 1)
        break
      case GROUPING:
      case SETS:
      case ROLLUP:
      case CUBE:
        this.#expectsPosition = expectsPosition
        break
      default:
        // `WITHIN GROUP (…)` ends nothing.
        if (token.has(EndsTables) && token.keyword !== GROUP && this.#depth === this.#positionsDepth)
          this.#positionsDepth = -1
    }
    this.#hash.add(token.has(Reserved) ? token.hashA ^ KEYWORD : token.hashA, token.hashB)
  }

  /** A query begins here, and so it does in each of the parentheses that open right in front of it. */
  #beginQuery(token: TokenReader): void {
    const opened = token.previousKind === OpenParenthesis ? this.#opened : 1
    for (let depth = this.#depth - opened + 1; depth <= this.#depth; depth++) {
      this.#selects.push(this.#positionsDepth, this.#positionsBase, depth)
    }
    this.#positionsDepth = -1
  }

  #expectPositions(depth: number): void {
    this.#expectsPosition = true
    this.#positionsBase = this.#positionsDepth = depth
  }

  #addComma(token: TokenReader, text: SafeText): void {
    this.#expectsPosition = this.#depth === this.#positionsDepth
    if (this.#lists.comma(this.#depth, token, text)) return
    if (this.#lists.endRows()) this.#addMark(Comma)
    this.#addMark(Comma)
  }

  #open(token: TokenReader, expectsPosition: boolean): void {
    const { kind, previousKeyword } = token
    const isParenthesis = kind === OpenParenthesis
    this.#opened = token.previousKind === OpenParenthesis ? this.#opened + 1 : 1
    if (isParenthesis && expectsPosition) {
      // `(1)`, `ROLLUP (1, 2)`, `GROUPING SETS ((1, 2), (1))`
      this.#expectsPosition = true
      this.#positionsDepth = this.#depth + 1
    }
    if (isParenthesis && (previousKeyword === VALUES || this.#isRow)) {
      this.#isRow = false
      this.#lists.begin(this.#depth++, true, token)
      return
    }
    this.#addMark(kind)
    this.#depth++
    const isList = isParenthesis
      ? previousKeyword === IN
      : previousKeyword === ARRAY || (token.previousKind !== Word && this.#lists.isFirst(token))
    if (isList) this.#lists.begin(this.#depth, false, token)
  }

  #close(token: TokenReader, text: SafeText): void {
    const selects = this.#selects
    while (selects.length > 0 && selects[selects.length - 1]! >= this.#depth && this.#depth > 0) {
      selects.pop()
      this.#positionsBase = selects.pop()!
      this.#positionsDepth = selects.pop()!
    }
    if (this.#depth === this.#positionsDepth) {
      this.#positionsDepth = this.#depth > this.#positionsBase ? this.#depth - 1 : -1
    }
    if (this.#depth > 0) {
      this.#depth--
      if (this.#lists.close(this.#depth, token, text)) return
    }
    this.#addMark(token.kind)
  }

  #addOperator(start: number, end: number): void {
    let a = PUNCTUATION_LANE
    // `!=` is `<>`.
    if (end === start + 2 && this.#sql.startsWith('!=', start)) a = NOT_EQUAL
    else for (let position = start; position < end; position++) a = mixCharacter(a, this.#sql, position)
    this.#hash.add(a, PUNCTUATION_LANE)
  }

  #addMark(kind: number): void {
    this.#hash.add(PUNCTUATION_LANE, kind)
  }
}

const NOT_EQUAL = mixCharacter(mixCharacter(PUNCTUATION_LANE, '<>', 0), '<>', 1)

function mixCharacter(lane: number, text: string, position: number): number {
  return Math.imul(lane ^ text.charCodeAt(position), 0x01000193)
}

/** Whether a word belongs to a query's clauses, rather than to an expression. */
function isOfClause(token: TokenReader): boolean {
  switch (token.keyword) {
    case SELECT:
    case FROM:
    case JOIN:
    case APPLY:
    case STRAIGHT_JOIN:
    case INTO:
    case USING:
    case ON:
    case TABLE:
      return true
    default:
      return token.has(EndsTables)
  }
}

/** Whether a number in front of a token is a part of an expression, rather than alone. */
function continuesExpression(token: TokenReader): boolean {
  switch (token.kind) {
    case Operator:
    case Cast:
    case OpenBracket:
      return true
    case Word:
      switch (token.keyword) {
        case ASC:
        case DESC:
        case USING:
        case WITH:
          return false
        case AT:
          return true
        default:
          return token.has(Reserved) && !token.has(EndsTables)
      }
    default:
      return false
  }
}
