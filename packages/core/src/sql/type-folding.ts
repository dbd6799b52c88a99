import { Keyword, WordFact } from './keywords.js'
import { CONSTANT_LANE, type TokenHash } from './token-hash.js'
import type { TokenReader } from './token-reader.js'
import { TokenKind } from './tokenizer.js'

/** Where in `CAST(constant AS type)` the tokens are. */
const Cast = { No: 0, Open: 1, Operand: 2, Type: 3 } as const

/**
 * Makes the type of a constant irrelevant: `$1::numeric(10, 2)`, `CAST('1' AS int)`, `date '2026-11-24'` and
 * `interval '1' day to second` are each the constant alone.
 */
export class TypeFolding {
  /** Whether the token that was skipped last closed the parenthesis of a `CAST`. */
  closedCast: boolean = false
  readonly #hash: TokenHash
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
  #cast: number = Cast.No
  #castDepth = 0
  #castA = 0
  #castB = 0

  /** @param hash that is taken back to what it was before a type or a `CAST` */
  constructor(hash: TokenHash) {
    this.#hash = hash
  }

  /** Forgets all. */
  reset(): void {
    this.closedCast = false
    this.#afterConstant = this.#inSuffix = this.#inPrefix = this.#isInterval = this.#afterInterval = false
    this.#cast = Cast.No
  }

  /** Whether nothing that was read depends on what follows. */
  get isIdle(): boolean {
    return !this.#afterConstant && !this.#inSuffix && !this.#inPrefix && this.#cast === Cast.No
  }

  /** A constant is about to be appended. */
  constant(token: TokenReader): void {
    this.#afterConstant = true
    if (!this.#inPrefix) return
    if (this.#prefixDepth > 0) {
      // The `20` of `varchar(20) '…'`.
      this.#afterConstant = false
      return
    }
    this.#inPrefix = false
    if (token.kind !== TokenKind.String) return
    this.#hash.a = this.#prefixA
    this.#hash.b = this.#prefixB
    this.#afterInterval = this.#isInterval
  }

  /** @returns whether the token belongs to the type of a constant, and so counts for nothing */
  skips(token: TokenReader): boolean {
    this.closedCast = false
    if (this.#cast !== Cast.No) {
      if (this.#followCast(token)) return true
    } else if (token.keyword === Keyword.CAST) {
      this.#cast = Cast.Open
      this.#castA = this.#hash.a
      this.#castB = this.#hash.b
    }
    if (this.#inSuffix) {
      if (this.#followSuffix(token)) return true
      this.#inSuffix = false
    }
    if (this.#afterConstant) {
      if (token.kind === TokenKind.Cast) {
        this.#inSuffix = this.#expectsName = true
        this.#suffixDepth = 0
        return true
      }
      if (this.#afterInterval && token.has(WordFact.IntervalField)) return true
      this.#afterConstant = this.#afterInterval = false
    }
    if (this.#inPrefix) this.#followPrefix(token)
    else if (token.has(WordFact.Type) && token.previousKind !== TokenKind.Dot) {
      this.#inPrefix = true
      this.#prefixDepth = 0
      this.#prefixA = this.#hash.a
      this.#prefixB = this.#hash.b
      this.#isInterval = token.keyword === Keyword.INTERVAL
    }
    return false
  }

  #followCast(token: TokenReader): boolean {
    const { kind } = token
    switch (this.#cast) {
      case Cast.Open:
        this.#cast = kind === TokenKind.OpenParenthesis ? Cast.Operand : Cast.No
        return false
      case Cast.Operand:
        if (token.isConstant && token.previousKind === TokenKind.OpenParenthesis) return false
        this.#cast = Cast.No
        if (token.keyword !== Keyword.AS || !this.#afterConstant) return false
        this.#cast = Cast.Type
        this.#castDepth = 1
        return true
      default:
        if (kind === TokenKind.OpenParenthesis) this.#castDepth++
        else if (kind === TokenKind.CloseParenthesis && --this.#castDepth === 0) {
          this.#cast = Cast.No
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
      if (kind === TokenKind.OpenParenthesis || kind === TokenKind.OpenBracket) this.#suffixDepth++
      if (kind === TokenKind.CloseParenthesis || kind === TokenKind.CloseBracket) this.#suffixDepth--
      return true
    }
    switch (kind) {
      case TokenKind.Word:
      case TokenKind.QuotedIdentifier:
        if (!this.#expectsName) return token.has(WordFact.TypeTail) || token.keyword === Keyword.ARRAY
        this.#expectsName = false
        return true
      case TokenKind.Dot:
      case TokenKind.Cast:
        this.#expectsName = true
        return true
      case TokenKind.OpenParenthesis:
      case TokenKind.OpenBracket:
        this.#suffixDepth = 1
        return true
      default:
        return false
    }
  }

  #followPrefix(token: TokenReader): void {
    if (token.isConstant) return
    const { kind } = token
    if (kind === TokenKind.OpenParenthesis) this.#prefixDepth++
    else if (kind === TokenKind.CloseParenthesis && this.#prefixDepth > 0) this.#prefixDepth--
    else if (kind === TokenKind.Comma && this.#prefixDepth > 0) return
    else if (kind !== TokenKind.Word || !token.has(WordFact.TypeTail | WordFact.Type)) this.#inPrefix = false
  }
}
