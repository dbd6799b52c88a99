import { AlternativeFolding } from './alternative-folding.js'
import { CastFolding } from './cast-folding.js'
import { Keyword, WordFact } from '../tokens/keywords.js'
import { ListFolding } from './list-folding.js'
import type { OperationTargets } from './operation-targets.js'
import { OrdinalPositions } from './ordinal-positions.js'
import type { SafeText } from './safe-text.js'
import { CONSTANT_LANE, PUNCTUATION_LANE, TokenHash } from '../tokens/token-hash.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { CharacterCode } from '../tokens/characters.js'
import { TypeFolding } from './type-folding.js'
import { TokenKind } from '../tokens/token-kind.js'

// A module's own constants are compared faster than properties of an imported object.
const {
  CloseBracket,
  CloseParenthesis,
  Comma,
  OpenBracket,
  OpenParenthesis,
  Operator,
  Parameter,
  QuotedIdentifier,
  Semicolon,
  Word,
} = TokenKind
const { APPLY, ARRAY, AS, CAST, DEFAULT, IN, INNER, JOIN, OUTER, ROW, VALUES } = Keyword
const { BeginsCondition, Branches, EndsCondition, IntervalField, Reserved, TypeTail } = WordFact

const { COLON } = CharacterCode

/** Both lanes of a rest that cannot be read. */
const UNREADABLE = 0x3f3f3f3f
/** Instead of a keyword: the parenthesis of a `CAST` has closed. */
const CAST_END = 1_000
/** Makes the hash of a reserved word differ from that of a quoted identifier with the same letters. */
const KEYWORD = 0x4b657977

/**
 * Hashes the parts of a statement that stay the same when its values change.
 *
 * `docs/FINGERPRINTS.md` has the rules, each with an example and its reason. Constants, optional words, letter case
 * and punctuation are handled here; {@link TypeFolding}, {@link CastFolding}, {@link ListFolding},
 * {@link AlternativeFolding} and {@link OrdinalPositions} handle the rest.
 */
export class Fingerprint {
  readonly #hash = new TokenHash()
  readonly #types = new TypeFolding(this.#hash)
  readonly #casts = new CastFolding(this.#hash)
  readonly #lists: ListFolding
  readonly #alternatives: AlternativeFolding
  readonly #positions = new OrdinalPositions(this.#hash)
  #sql = ''
  /** How many brackets are open. */
  #depth = 0
  #isEmpty = true
  /** Whether a semicolon was read that counts only if something follows it. */
  #hasSemicolon = false
  /** Between the `ROW` of `VALUES ROW (…)` and its parenthesis. */
  #isRow = false
  /** `AS`, `INNER`, `OUTER` or a part of a `CAST` until the next token shows whether it counts; otherwise 0. */
  #optional = 0
  #optionalA = 0
  #optionalB = 0
  readonly #remembered = new TokenHash()

  /** @param targets the summary's targets; those of repeated list elements are removed from it */
  constructor(targets: OperationTargets) {
    this.#lists = new ListFolding(this.#hash, targets)
    this.#alternatives = new AlternativeFolding(this.#hash, targets)
  }

  /**
   * Begins a text.
   *
   * @param isPostgres whether any type may stand before a literal, as in `name 'x'`
   */
  begin(sql: string, isPostgres: boolean): void {
    this.#sql = sql
    this.#hash.reset(0)
    this.#types.reset(isPostgres)
    this.#casts.reset()
    this.#lists.reset()
    this.#alternatives.begin(sql)
    this.#positions.reset()
    this.#depth = this.#optional = 0
    this.#isEmpty = true
    this.#hasSemicolon = this.#isRow = false
  }

  /**
   * Appends a token.
   *
   * @param text repeated list elements that hold a literal are removed from it
   */
  add(token: TokenReader, text: SafeText): void {
    if (this.#optional > 0) this.#endOptional(token)
    this.#positions.settle(token)
    if (this.#types.skips(token)) {
      if (this.#types.closedCast) {
        this.#casts.forget(this.#depth)
        this.#depth--
      }
      return
    }
    const { kind } = token
    this.#positions.advance()
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
    if (kind === Semicolon) return this.#holdSemicolon(token, text)
    if (this.#casts.depth === this.#depth) this.#casts.follow(token)
    if (this.#hasSemicolon) this.#addSemicolon()
    this.#isEmpty = false
    if (token.isConstant) return this.#addConstant(token)
    switch (kind) {
      case Word:
        return this.#addWord(token, text)
      case QuotedIdentifier:
        return this.#hash.add(token.hashA, token.hashB)
      case OpenParenthesis:
      case OpenBracket:
        return this.#open(token)
      case CloseParenthesis:
      case CloseBracket:
        return this.#close(token, text)
      case Operator:
        return this.#addOperator(token.start, token.end)
      default:
        this.#addMark(kind)
    }
  }

  /** Remembers the state for {@link goBack}. */
  remember(): void {
    this.#lists.peek(this.#remembered)
    this.#alternatives.addOthersTo(this.#remembered)
  }

  /** Forgets the tokens since {@link remember}. Only {@link addRest} and {@link finish} may follow. */
  goBack(): void {
    this.#lists.reset()
    this.#alternatives.abandon()
    this.#hash.a = this.#remembered.a
    this.#hash.b = this.#remembered.b
  }

  /** Appends one mark for the rest of the text, which is unreadable or too long. */
  addRest(): void {
    this.#lists.abandon()
    this.#alternatives.addOthersTo(this.#hash)
    this.#alternatives.abandon()
    this.#hash.add(UNREADABLE, UNREADABLE)
  }

  /** Skips the parameters of a list, or rows of them, that follow the token and would not change the fingerprint. */
  skipRepetitions(token: TokenReader): void {
    if (token.kind === Parameter) {
      if (this.#lists.isFirst(token)) token.skipParameters()
    } else if (token.kind === CloseParenthesis) {
      const parameters = this.#lists.parametersIn(token)
      if (parameters > 0) token.skipRows(parameters)
    }
  }

  /** Ends what is still open before the end of the text. */
  end(token: TokenReader, text: SafeText): void {
    this.#positions.finish()
    this.#alternatives.end(token, 0, text)
    this.#lists.finish()
  }

  /** @returns `q1:` and 16 hexadecimal digits */
  finish(): string {
    this.#alternatives.release()
    this.#sql = ''
    return `q1:${this.#hash}`
  }

  #addConstant(token: TokenReader): void {
    if (token.isLiteral) {
      this.#lists.noteLiteral()
      this.#alternatives.noteLiteral()
    }
    this.#types.constant(token)
    if (!this.#positions.holds(token, this.#sql)) this.#hash.add(CONSTANT_LANE, CONSTANT_LANE)
  }

  #addWord(token: TokenReader, text: SafeText): void {
    const { facts, keyword } = token
    if (facts === 0 && keyword === 0) return this.#hash.add(token.hashA, token.hashB)
    if ((facts & Branches) !== 0 && this.#alternatives.addBranch(token, this.#depth, text)) return
    if (this.#alternatives.hasOpen && (facts & EndsCondition) !== 0) {
      this.#alternatives.end(token, this.#depth, text)
    }
    if (this.#lists.addWord(token, this.#depth)) {
      this.#alternatives.end(token, 0, text)
      this.#lists.finish()
    }
    switch (keyword) {
      case AS:
        if (this.#casts.addAs(this.#depth)) return
        break
      case INNER:
      case OUTER:
      case CAST:
        break
      case DEFAULT:
        if (!this.#lists.isInValues) return this.#addKeyword(token)
        // `VALUES (DEFAULT)` is a row like any other.
        this.#hash.add(CONSTANT_LANE, CONSTANT_LANE)
        return
      default:
        return this.#addKeyword(token)
    }
    this.#optional = keyword
    this.#optionalA = token.hashA ^ KEYWORD
    this.#optionalB = token.hashB
  }

  #addKeyword(token: TokenReader): void {
    this.#positions.addWord(token, this.#depth)
    this.#hash.add(token.has(Reserved) ? token.hashA ^ KEYWORD : token.hashA, token.hashB)
    if (token.has(BeginsCondition)) this.#alternatives.start(this.#depth)
  }

  /**
   * Appends an optional word where it changes the meaning.
   *
   * `AS` does so before a reserved word, which would not be an alias without it. `INNER` and `OUTER` do not before
   * `JOIN` and `APPLY`; anywhere else they are names. `CAST` does not before a parenthesis, and the end of a `CAST` does
   * only before what would belong to its type.
   */
  #endOptional(next: TokenReader): void {
    const optional = this.#optional
    this.#optional = 0
    if (this.#counts(optional, next)) this.#hash.add(this.#optionalA, this.#optionalB)
  }

  #counts(optional: number, next: TokenReader): boolean {
    switch (optional) {
      case AS:
        return next.kind === Word && next.has(Reserved)
      case CAST:
        return next.kind !== OpenParenthesis
      case CAST_END:
        return continuesType(next)
      default:
        return next.keyword !== JOIN && next.keyword !== APPLY
    }
  }

  #addComma(token: TokenReader, text: SafeText): void {
    this.#positions.addComma(this.#depth)
    if (this.#alternatives.hasOpen) this.#alternatives.end(token, this.#depth, text)
    if (this.#lists.comma(this.#depth, token, text)) return
    if (this.#lists.endRows()) this.#addMark(Comma)
    this.#addMark(Comma)
  }

  #open(token: TokenReader): void {
    const { kind, previousKeyword } = token
    const isParenthesis = kind === OpenParenthesis
    this.#positions.open(token, this.#depth)
    if (isParenthesis && (previousKeyword === VALUES || this.#isRow)) {
      this.#isRow = false
      this.#lists.begin(this.#depth++, true, token)
      this.#alternatives.startNone(this.#depth)
      return
    }
    this.#depth++
    if (isParenthesis && previousKeyword === CAST) {
      this.#casts.open(this.#depth)
      this.#alternatives.start(this.#depth)
      return
    }
    this.#addMark(kind)
    const isList = isParenthesis
      ? previousKeyword === IN
      : previousKeyword === ARRAY || (token.previousKind !== Word && this.#lists.isFirst(token))
    if (isList) {
      this.#lists.begin(this.#depth, false, token)
      this.#alternatives.startNone(this.#depth)
    } else this.#alternatives.start(this.#depth)
  }

  #close(token: TokenReader, text: SafeText): void {
    this.#positions.close(this.#depth)
    if (this.#alternatives.hasOpen) this.#alternatives.end(token, this.#depth, text)
    if (this.#casts.depth === this.#depth) {
      this.#casts.close()
      this.#depth--
      this.#optional = CAST_END
      this.#optionalA = PUNCTUATION_LANE
      this.#optionalB = CloseParenthesis
      return
    }
    if (this.#depth > 0) {
      this.#depth--
      if (this.#lists.close(this.#depth, token, text)) return
    }
    this.#addMark(token.kind)
  }

  /** Holds a semicolon back: at the end of the text it does not count. */
  #holdSemicolon(token: TokenReader, text: SafeText): void {
    // Whatever is still open ends with its statement.
    this.#alternatives.end(token, 0, text)
    this.#alternatives.startNone(this.#depth)
    this.#lists.finish()
    this.#hasSemicolon = true
  }

  #addSemicolon(): void {
    this.#hasSemicolon = false
    if (!this.#isEmpty) this.#addMark(Semicolon)
  }

  #addOperator(start: number, end: number): void {
    let a = PUNCTUATION_LANE
    // `!=` is `<>`, and `:=` is `=>`.
    if (end === start + 2 && this.#sql.startsWith('!=', start)) a = NOT_EQUAL
    else if (this.#sql.charCodeAt(start) === COLON) a = ARROW
    else for (let position = start; position < end; position++) a = mixCharacter(a, this.#sql, position)
    this.#hash.add(a, PUNCTUATION_LANE)
  }

  #addMark(kind: number): void {
    this.#hash.add(PUNCTUATION_LANE, kind)
  }
}

const ARROW = mixCharacter(mixCharacter(PUNCTUATION_LANE, '=>', 0), '=>', 1)
const NOT_EQUAL = mixCharacter(mixCharacter(PUNCTUATION_LANE, '<>', 0), '<>', 1)

function mixCharacter(lane: number, text: string, position: number): number {
  return Math.imul(lane ^ text.charCodeAt(position), 0x01000193)
}

/** Whether the token would belong to a type in front of it. */
function continuesType(token: TokenReader): boolean {
  const { kind } = token
  return (
    kind === OpenBracket ||
    kind === OpenParenthesis ||
    token.keyword === ARRAY ||
    token.has(TypeTail | IntervalField)
  )
}
