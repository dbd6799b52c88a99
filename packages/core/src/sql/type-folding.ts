import { Keyword, WordFact } from './keywords.js'
import { CONSTANT_LANE, type TokenHash } from './token-hash.js'
import type { TokenReader } from './token-reader.js'
import { TokenKind } from './token-kind.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
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
const { IntervalField, StandardType, Type, TypeTail } = WordFact

// Where in `CAST(constant AS type)` the tokens are.
const NO_CAST = 0
const CAST_OPEN = 1
const CAST_OPERAND = 2
const CAST_TYPE = 3

/**
 * Makes the type of a constant irrelevant: `$1::numeric(10, 2)`, `CAST('1' AS int)`, `date '2026-11-24'` and
 * `interval '1' day to second` are each the constant alone.
 */
export class TypeFolding {
  /** Whether the token that was skipped last closed the parenthesis of a `CAST`. */
  closedCast: boolean = false
  readonly #hash: TokenHash
  #prefixes: number = Type
  #afterConstant = false
  /** Inside `::type`; how many brackets of it are open; whether its name is still to come. */
  #inSuffix = false
  #suffixDepth = 0
  #expectsName = false
  /** Inside what may be the type in front of a literal, and the hash before it. */
  #inPrefix = false
  #prefixDepth = 0
  #prefixA = 0
  #prefixB = 0
  #isInterval = false
  #afterInterval = false
  #cast: number = NO_CAST
  #castDepth = 0
  #castA = 0
  #castB = 0

  /** @param hash that is taken back to what it was before a type or a `CAST` */
  constructor(hash: TokenHash) {
    this.#hash = hash
  }

  /**
   * Forgets all.
   *
   * @param isPostgres whether any type may stand in front of a literal, rather than those of the standard: in other
   *   systems `select name '…'` gives a column an alias
   */
  reset(isPostgres: boolean): void {
    this.#prefixes = isPostgres ? Type : StandardType
    this.closedCast = false
    this.#afterConstant = this.#inSuffix = this.#inPrefix = this.#isInterval = this.#afterInterval = false
    this.#cast = NO_CAST
  }

  /** Whether nothing that was read depends on what follows. */
  get isIdle(): boolean {
    return !this.#afterConstant && !this.#inSuffix && !this.#inPrefix && this.#cast === NO_CAST
  }

  /** A constant is about to be appended. */
  constant(token: TokenReader): void {
    this.#afterConstant = true
    if (!this.#inPrefix) return
    // The `20` of `varchar(20) '…'`.
    if (this.#prefixDepth > 0) return
    this.#inPrefix = false
    if (token.kind !== StringLiteral) return
    this.#hash.a = this.#prefixA
    this.#hash.b = this.#prefixB
    this.#afterInterval = this.#isInterval
  }

  /** @returns whether the token belongs to the type of a constant, and so counts for nothing */
  skips(token: TokenReader): boolean {
    this.closedCast = false
    if (this.#cast !== NO_CAST) {
      if (this.#followCast(token)) return true
    } else if (token.keyword === CAST) {
      this.#cast = CAST_OPEN
      this.#castA = this.#hash.a
      this.#castB = this.#hash.b
    }
    if (this.#inSuffix) {
      if (this.#followSuffix(token)) return true
      this.#inSuffix = false
    }
    if (this.#afterConstant) {
      if (token.kind === Cast) {
        this.#inSuffix = this.#expectsName = true
        this.#suffixDepth = 0
        return true
      }
      if (this.#afterInterval && this.#prefixes === Type && token.has(IntervalField)) return true
      this.#afterConstant = this.#afterInterval = false
    }
    if (this.#inPrefix) this.#followPrefix(token)
    else if (token.has(this.#prefixes) && token.previousKind !== Dot && token.previousKeyword !== AT) {
      this.#inPrefix = true
      this.#prefixDepth = 0
      this.#prefixA = this.#hash.a
      this.#prefixB = this.#hash.b
      this.#isInterval = token.keyword === INTERVAL
    }
    return false
  }

  #followCast(token: TokenReader): boolean {
    const { kind } = token
    switch (this.#cast) {
      case CAST_OPEN:
        this.#cast = kind === OpenParenthesis ? CAST_OPERAND : NO_CAST
        return false
      case CAST_OPERAND:
        if (token.isConstant && token.previousKind === OpenParenthesis) return false
        this.#cast = NO_CAST
        if (token.keyword !== AS || !this.#afterConstant) return false
        this.#cast = CAST_TYPE
        this.#castDepth = 1
        return true
      default:
        if (kind === OpenParenthesis) this.#castDepth++
        else if (kind === CloseParenthesis && --this.#castDepth === 0) {
          this.#cast = NO_CAST
          this.#hash.a = this.#castA
          this.#hash.b = this.#castB
          this.#hash.add(CONSTANT_LANE, CONSTANT_LANE)
          this.closedCast = true
        }
        return true
    }
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
        if (!this.#expectsName) return token.has(TypeTail) || token.keyword === ARRAY
        this.#expectsName = false
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
    else if (kind !== Word || !token.has(TypeTail | Type)) this.#inPrefix = false
  }
}
