import { Keyword, WordFact } from '../tokens/keywords.js'
import { CONSTANT_LANE, type TokenHash } from '../tokens/token-hash.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// A module's own constants are compared faster than properties of an imported object.
const { Cast, NumberLiteral, OpenBracket, OpenParenthesis, Operator, Word } = TokenKind
const {
  ASC,
  AT,
  BY,
  CUBE,
  DESC,
  DISTINCT,
  GROUP,
  GROUPING,
  ON,
  ORDER,
  ROLLUP,
  SELECT,
  SETS,
  TABLE,
  USING,
  VALUES,
  WITH,
} = Keyword
const { EndsTables, Reserved } = WordFact

/** Instead of a depth: no list of positions is open. */
const NONE = -1

/**
 * Keeps the numbers that name a column: `ORDER BY 2`, `GROUP BY ROLLUP (1, 2)`, `DISTINCT ON (1)`.
 *
 * Such a number is no constant: another one makes another query. It counts only if it stands alone, and the token
 * after it decides that. The number is therefore held back for one token.
 */
export class OrdinalPositions {
  readonly #hash: TokenHash
  /** Whether the current token, or the next one, stands where a position can. */
  #isExpected = false
  #expectsNext = false
  /** The number that is held back, or 0. */
  #held = 0
  /** How many brackets are open where commas separate positions, and where that list began. */
  #depth: number = NONE
  #base: number = NONE
  /** For each open query `#depth` and `#base` of the query around it, and how many brackets are open around its `SELECT`. */
  readonly #queries: number[] = []
  /** How many parentheses in a row end with the one that was opened last. */
  #adjacent = 0

  /** @param hash receives the numbers that were held back */
  constructor(hash: TokenHash) {
    this.#hash = hash
  }

  /** Begins a text. */
  reset(): void {
    this.#isExpected = this.#expectsNext = false
    this.#held = this.#adjacent = 0
    this.#depth = this.#base = NONE
    if (this.#queries.length > 0) this.#queries.length = 0
  }

  /** Appends the number that was held back, as a position if `next` shows that it stands alone. */
  settle(next: TokenReader): void {
    if (this.#held > 0) this.#append(!continuesExpression(next))
  }

  /** Moves on to a token that counts. */
  advance(): void {
    this.#isExpected = this.#expectsNext
    this.#expectsNext = false
  }

  /** @returns whether the constant may be a position, and is appended later */
  holds({ kind, start, end }: TokenReader, sql: string): boolean {
    if (!this.#isExpected || kind !== NumberLiteral) return false
    this.#held = Number.parseInt(sql.slice(start, end), 10)
    return this.#held > 0
  }

  /** @param depth how many brackets are open around the word */
  addWord(token: TokenReader, depth: number): void {
    switch (token.keyword) {
      case 0:
        if (token.facts === 0) return
        break
      case SELECT:
        this.#beginQuery(token, depth)
        return
      case VALUES:
      case TABLE:
        if (token.previousKind === OpenParenthesis) this.#beginQuery(token, depth)
        return
      case BY:
        // `OVER (ORDER BY 2)` and `array_agg(a ORDER BY 2)` order by the constant 2.
        if (depth > 0 && this.#queries[this.#queries.length - 1] !== depth) return
        if (token.previousKeyword === ORDER || token.previousKeyword === GROUP) this.#beginList(depth)
        return
      case ON:
        // `DISTINCT ON (1)`
        if (token.previousKeyword === DISTINCT) this.#beginList(depth + 1)
        return
      case GROUPING:
      case SETS:
      case ROLLUP:
      case CUBE:
        this.#expectsNext = this.#isExpected
        return
      case GROUP:
        // `WITHIN GROUP (…)` ends no list.
        return
    }
    if (token.has(EndsTables) && depth === this.#depth) this.#depth = NONE
  }

  /** @param depth how many brackets are open around the comma */
  addComma(depth: number): void {
    this.#expectsNext = depth === this.#depth
  }

  /** @param depth how many brackets are open around the bracket that opens */
  open(token: TokenReader, depth: number): void {
    this.#adjacent = token.previousKind === OpenParenthesis ? this.#adjacent + 1 : 1
    if (!this.#isExpected || token.kind !== OpenParenthesis) return
    // `(1)`, `ROLLUP (1, 2)`, `GROUPING SETS ((1, 2), (1))`
    this.#expectsNext = true
    this.#depth = depth + 1
  }

  /** @param depth how many brackets are open inside the bracket that closes */
  close(depth: number): void {
    const queries = this.#queries
    while (queries.length > 0 && queries[queries.length - 1]! >= depth && depth > 0) {
      queries.pop()
      this.#base = queries.pop()!
      this.#depth = queries.pop()!
    }
    if (depth === this.#depth) this.#depth = depth > this.#base ? depth - 1 : NONE
  }

  /** Appends a number that the text ends with. */
  finish(): void {
    if (this.#held > 0) this.#append(true)
  }

  #append(isPosition: boolean): void {
    this.#hash.add(CONSTANT_LANE, isPosition ? CONSTANT_LANE + this.#held : CONSTANT_LANE)
    this.#held = 0
  }

  /** Begins a query, once for each parenthesis directly before it: all of `((SELECT …) ORDER BY 1)` is that query. */
  #beginQuery(token: TokenReader, depth: number): void {
    const adjacent = token.previousKind === OpenParenthesis ? this.#adjacent : 1
    for (let outer = depth - adjacent + 1; outer <= depth; outer++) {
      this.#queries.push(this.#depth, this.#base, outer)
    }
    this.#depth = NONE
  }

  #beginList(depth: number): void {
    this.#expectsNext = true
    this.#base = this.#depth = depth
  }
}

/** Whether a number before the token is a part of an expression. */
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
