import { Keyword, WordFact } from '../tokens/keywords.js'
import { PUNCTUATION_LANE, type TokenHash } from '../tokens/token-hash.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// A module's own constants are compared faster than properties of an imported object.
const {
  Cast,
  CloseBracket,
  CloseParenthesis,
  Dot,
  NumberLiteral,
  OpenBracket,
  OpenParenthesis,
  Parameter,
  QuotedIdentifier,
  StringLiteral,
  Word,
} = TokenKind
const { AS, CAST } = Keyword
const { Operand, Reserved } = WordFact

/** A `CAST`, whose own parentheses do not count. */
interface OpenCast {
  /** How many brackets are open inside. */
  readonly depth: number
  /** The hash in front of its operand. */
  readonly a: number
  readonly b: number
  /** Whether the operand needs parentheses in front of `::`. */
  isCompound: boolean
  /** Whether its type has begun. */
  isInType: boolean
}

/**
 * Makes `CAST(x AS t)` count as `x::t`. {@link TypeFolding} does so where `x` is a constant.
 *
 * An operand such as `a + b` would need parentheses in front of `::`. Its cast is marked by the hash in front of it, so
 * that `a + CAST(b + c AS t)` differs from `CAST(a + b + c AS t)`.
 */
export class CastFolding {
  /** How many brackets are open inside the innermost `CAST`; -1 outside of any. */
  depth: number = -1
  readonly #hash: TokenHash
  readonly #open: OpenCast[] = []

  /** @param hash the fingerprint's hash */
  constructor(hash: TokenHash) {
    this.#hash = hash
  }

  /** Begins a text. */
  reset(): void {
    if (this.#open.length > 0) this.#open.length = 0
    this.depth = -1
  }

  /** Begins behind the parenthesis. @param depth how many brackets are open inside it */
  open(depth: number): void {
    const { a, b } = this.#hash
    this.#open.push({ depth, a, b, isCompound: false, isInType: false })
    this.depth = depth
  }

  /** Follows a token directly inside the parentheses. */
  follow(token: TokenReader): void {
    const cast = this.#open[this.#open.length - 1]!
    if (cast.isInType || cast.isCompound || token.keyword === AS) return
    const { previousKind } = token
    switch (token.kind) {
      case Word:
      case QuotedIdentifier:
      case NumberLiteral:
      case StringLiteral:
      case Parameter: {
        const continues = previousKind === Dot || previousKind === Cast || previousKind === OpenParenthesis
        const isOperator = token.has(Reserved) && !token.has(Operand) && token.keyword !== CAST
        cast.isCompound = !continues || isOperator
        return
      }
      case Cast:
      case CloseBracket:
      case CloseParenthesis:
      case Dot:
      case OpenBracket:
      case OpenParenthesis:
        return
      default:
        cast.isCompound = true
    }
  }

  /** @returns whether the `AS` belongs to the innermost `CAST` */
  addAs(depth: number): boolean {
    if (this.depth !== depth) return false
    const cast = this.#open[this.#open.length - 1]!
    if (cast.isInType) return false
    cast.isInType = true
    if (cast.isCompound) this.#hash.addState(cast.a, cast.b)
    this.#hash.add(PUNCTUATION_LANE, Cast)
    return true
  }

  /** Ends the innermost `CAST`. Without a type its parentheses count. */
  close(): void {
    const { a, b, isInType } = this.#open.pop()!
    if (!isInType) {
      this.#hash.addState(a, b)
      this.#hash.add(PUNCTUATION_LANE, CloseParenthesis)
    }
    this.depth = this.#open[this.#open.length - 1]?.depth ?? -1
  }

  /** Forgets a `CAST` of a constant. @param depth how many brackets are open inside it */
  forget(depth: number): void {
    if (this.depth !== depth) return
    this.#open.pop()
    this.depth = this.#open[this.#open.length - 1]?.depth ?? -1
  }
}
