import { Keyword, WordFact } from '../tokens/keywords.js'
import { CONSTANT_LANE, type TokenHash } from '../tokens/token-hash.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// A module's own constants are compared faster than properties of an imported object.
const {
  Cast,
  CloseBracket,
  CloseParenthesis,
  Comma,
  Dot,
  OpenBracket,
  OpenParenthesis,
  QuotedIdentifier,
  StringLiteral,
  Word,
} = TokenKind
const { ARRAY, AS, AT, CAST, INTERVAL } = Keyword
const { IntervalField, StandardType, Type, TypeHead, TypeTail } = WordFact

// The part of `CAST(constant AS type)` that the next token belongs to.
const NO_CAST = 0
const CAST_OPEN = 1
const CAST_OPERAND = 2
const CAST_TYPE = 3

/**
 * Makes the type of a constant irrelevant to the fingerprint.
 *
 * `$1::numeric(10, 2)`, `CAST('1' AS int)`, `date '2026-11-24'` and `interval '1' day to second` count as a constant
 * without a type.
 */
export class TypeFolding {
  /** Whether the token that was skipped last closes the parenthesis of a `CAST`. */
  closedCast: boolean = false
  readonly #hash: TokenHash
  /** The {@link WordFact}s of the types that may stand before a literal. */
  #prefixes: number = Type
  #afterConstant = false
  /** Inside the type after a constant: how many of its brackets are open, and whether its name is still to come. */
  #inSuffix = false
  #suffixDepth = 0
  #expectsName = false
  /** Whether the name may have further words, and whether it is that of an interval. */
  #isTypeHead = false
  #isIntervalType = false
  /** Inside a possible type before a literal, and the hash before that type. */
  #inPrefix = false
  #prefixDepth = 0
  #prefixA = 0
  #prefixB = 0
  #isInterval = false
  #afterInterval = false
  /** The part of a `CAST`, how many of the type's parentheses are open, and the hash before the `CAST`. */
  #cast: number = NO_CAST
  #castDepth = 0
  #castA = 0
  #castB = 0
  /** The hashes before the casts whose operand it is, two numbers for each. */
  readonly #outerCasts: number[] = []

  /** @param hash the fingerprint's hash; it is set back to its state before a type or a `CAST` */
  constructor(hash: TokenHash) {
    this.#hash = hash
  }

  /**
   * Begins a text.
   *
   * @param isPostgres whether any type may stand before a literal; other systems allow those of the SQL standard, and
   *   read `select name 'x'` as a column with an alias
   */
  reset(isPostgres: boolean): void {
    this.#prefixes = isPostgres ? Type : StandardType
    this.closedCast = false
    this.#afterConstant = this.#inSuffix = this.#inPrefix = this.#isInterval = this.#afterInterval = false
    this.#leaveCasts()
  }

  /** Notes a constant before it is appended, and removes the type before it. */
  constant(token: TokenReader): void {
    this.#afterConstant = true
    if (!this.#inPrefix) return
    // The `20` of `varchar(20) 'x'` belongs to the type.
    if (this.#prefixDepth > 0) return
    this.#inPrefix = false
    if (token.kind !== StringLiteral) return
    this.#hash.a = this.#prefixA
    this.#hash.b = this.#prefixB
    this.#afterInterval = this.#isInterval
  }

  /** @returns whether the token belongs to the type of a constant, and so does not count */
  skips(token: TokenReader): boolean {
    this.closedCast = false
    if (this.#inSuffix) {
      if (this.#followSuffix(token)) return true
      this.#inSuffix = false
    }
    if (this.#afterConstant && token.kind === Cast) {
      this.#beginSuffix(true)
      return true
    }
    if (this.#cast !== NO_CAST) {
      if (this.#followCast(token)) return true
    } else if (token.keyword === CAST) this.#beginCast()
    if (this.#afterConstant) {
      if (this.#afterInterval && this.#prefixes === Type && token.has(IntervalField)) {
        this.#beginSuffix(false)
        return true
      }
      this.#afterConstant = this.#afterInterval = false
    }
    if (this.#inPrefix) this.#followPrefix(token)
    // In `int path 'x'` only `path` can be the literal's type: a second type replaces the first.
    if (
      !this.#inPrefix &&
      token.has(this.#prefixes) &&
      token.previousKind !== Dot &&
      token.previousKeyword !== AT
    ) {
      this.#inPrefix = true
      this.#prefixDepth = 0
      this.#prefixA = this.#hash.a
      this.#prefixB = this.#hash.b
      this.#isInterval = token.keyword === INTERVAL
    }
    return false
  }

  #beginCast(): void {
    this.#cast = CAST_OPEN
    this.#castA = this.#hash.a
    this.#castB = this.#hash.b
  }

  #leaveCasts(): void {
    this.#cast = NO_CAST
    if (this.#outerCasts.length > 0) this.#outerCasts.length = 0
  }

  #beginSuffix(expectsName: boolean): void {
    this.#inSuffix = true
    this.#expectsName = expectsName
    this.#isTypeHead = false
    this.#isIntervalType = !expectsName
    this.#suffixDepth = 0
  }

  #followCast(token: TokenReader): boolean {
    const { kind } = token
    switch (this.#cast) {
      case CAST_OPEN:
        if (kind === OpenParenthesis) this.#cast = CAST_OPERAND
        else this.#leaveCasts()
        return false
      case CAST_OPERAND:
        if (token.previousKind === OpenParenthesis) {
          if (token.isConstant) return false
          if (token.keyword === CAST) {
            this.#outerCasts.push(this.#castA, this.#castB)
            this.#beginCast()
            return false
          }
        }
        if (token.keyword !== AS || !this.#afterConstant) {
          this.#leaveCasts()
          return false
        }
        this.#cast = CAST_TYPE
        this.#castDepth = 1
        return true
      default:
        if (kind === OpenParenthesis) this.#castDepth++
        else if (kind === CloseParenthesis && --this.#castDepth === 0) this.#endCast()
        return true
    }
  }

  /** Replaces the cast of a constant by a constant, which a cast around it may convert in turn. */
  #endCast(): void {
    this.#hash.a = this.#castA
    this.#hash.b = this.#castB
    this.#hash.add(CONSTANT_LANE, CONSTANT_LANE)
    this.closedCast = true
    this.#cast = this.#outerCasts.length > 0 ? CAST_OPERAND : NO_CAST
    this.#castB = this.#outerCasts.pop() ?? 0
    this.#castA = this.#outerCasts.pop() ?? 0
  }

  #followSuffix(token: TokenReader): boolean {
    const { kind } = token
    if (this.#suffixDepth > 0) {
      if (kind === OpenParenthesis || kind === OpenBracket) this.#suffixDepth++
      if (kind === CloseParenthesis || kind === CloseBracket) this.#suffixDepth--
      return true
    }
    switch (kind) {
      case Word:
      case QuotedIdentifier:
        if (!this.#expectsName) {
          if (token.keyword === ARRAY) return true
          return token.has((this.#isTypeHead ? TypeTail : 0) | (this.#isIntervalType ? IntervalField : 0))
        }
        this.#expectsName = false
        this.#isTypeHead = token.has(TypeHead)
        this.#isIntervalType = token.keyword === INTERVAL
        return true
      case Dot:
      case Cast:
        this.#expectsName = true
        return true
      case OpenParenthesis:
      case OpenBracket:
        this.#suffixDepth = 1
        return true
      default:
        return false
    }
  }

  #followPrefix(token: TokenReader): void {
    if (token.isConstant) return
    const { kind } = token
    if (kind === OpenParenthesis) this.#prefixDepth++
    else if (kind === CloseParenthesis && this.#prefixDepth > 0) this.#prefixDepth--
    else if (kind === Comma && this.#prefixDepth > 0) return
    else if (kind !== Word || !token.has(TypeTail)) this.#inPrefix = false
  }
}
