import type { LexicalRules } from '../tokens/dialect.js'
import { Keyword } from '../tokens/keywords.js'
import { displayName } from './name.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
const { CloseParenthesis, Comma, End, OpenParenthesis, QuotedIdentifier, Semicolon, Word } = TokenKind
const { AS, NOT, RECURSIVE, SELECT, SET, WITH } = Keyword

/** The places in `WITH name (columns) AS (body) SEARCH … SET column, …`. */
const Place = {
  Nowhere: 0,
  Name: 1,
  AfterName: 2,
  Columns: 3,
  BeforeBody: 4,
  AfterBody: 5,
  Clause: 6,
  ClauseEnd: 7,
} as const
const { AfterBody, AfterName, BeforeBody, Clause, ClauseEnd, Columns, Name, Nowhere } = Place

/** What a token means to a `WITH`. */
export const CteStep = {
  /** It does not belong to the `WITH`. */
  None: 0,
  /** It is a part of the `WITH` itself. The caller ignores it. */
  Part: 1,
  /** It opens the body of a CTE. */
  BodyBegins: 2,
  /** It begins the main statement behind the CTEs. */
  Ended: 3,
} as const
export type CteStep = (typeof CteStep)[keyof typeof CteStep]

const { BodyBegins, Ended, None, Part } = CteStep

/** A CTE that the bodies before it may have named. */
export interface LaterCte {
  /** In lower case. */
  readonly name: string
  /** Number of tables before the `WITH`, and the length of the summary there. */
  readonly tables: number
  readonly length: number
}

/** A `WITH`. */
interface With {
  /** Whether a CTE may refer to itself, and to those behind it. */
  refersToItself: boolean
  refersToAll: boolean
  readonly tables: number
  readonly length: number
}

const NO_WITH: With = { refersToItself: false, refersToAll: false, tables: 0, length: 0 }

/** Distinguishes the names of CTEs from those of tables. */
export class CteNames {
  #place: number = Nowhere
  #with: With = NO_WITH
  #name = ''
  /** The CTE whose body has just begun, if earlier bodies may have named it as a table. */
  forgotten: LaterCte | undefined = undefined
  /** The names of the CTEs whose bodies are open, and for each its `WITH`. */
  readonly #open: string[] = []
  readonly #openWiths: With[] = []
  /** The CTEs in scope in the order of the text, and the number of open parentheses around each. */
  readonly #known: string[] = []
  readonly #knownDepths: number[] = []
  /** How many of them have a name. */
  #counts: Map<string, number> | undefined = undefined

  /** Forgets the last statement. */
  reset(): void {
    this.#place = Nowhere
    this.#with = NO_WITH
    this.forgotten = undefined
    // To set a length takes a hundred times as long as to get it.
    if (this.#open.length > 0) this.#open.length = this.#openWiths.length = 0
    if (this.#known.length > 0) this.#known.length = this.#knownDepths.length = 0
    this.#counts = undefined
  }

  /** Whether the name is that of a CTE in scope. */
  has(name: string): boolean {
    return this.#counts !== undefined && (this.#counts.get(name.toLowerCase()) ?? 0) > 0
  }

  /** Whether the next token belongs to no `WITH`. */
  get isIdle(): boolean {
    return this.#place === Nowhere
  }

  /** Number of open bodies. */
  get depth(): number {
    return this.#open.length
  }

  /**
   * Begins behind a `WITH`: that of CTEs, or of anything else, such as `timestamp with time zone`.
   *
   * @param references what a CTE may refer to without `RECURSIVE`
   * @param tables number of tables so far
   * @param length that of the summary so far
   */
  begin(references: LexicalRules['cteReferences'], tables: number, length: number): void {
    this.#place = Name
    this.#with = { refersToItself: references !== 'none', refersToAll: references === 'all', tables, length }
  }

  /**
   * Ends the body that began last. Only here does the scope of a CTE begin unless it may refer to itself.
   *
   * @param depth number of open parentheses behind the body
   */
  endBody(depth: number): void {
    const name = this.#open.pop()
    if (name !== undefined) this.#add(name, depth)
    this.#with = this.#openWiths.pop() ?? NO_WITH
    this.#place = AfterBody
  }

  /** Ends the scope of the CTEs in a parenthesis that closed. */
  leave(depth: number): void {
    while (this.#known.length > 0 && this.#knownDepths[this.#knownDepths.length - 1]! > depth) {
      const name = this.#known.pop()!
      this.#knownDepths.pop()
      this.#counts?.set(name, this.#counts.get(name)! - 1)
    }
  }

  /**
   * Follows one token.
   *
   * @param depth number of open parentheses
   */
  follow(token: TokenReader, sql: string, depth: number): CteStep {
    const { kind } = token
    const { keyword } = token
    switch (this.#place) {
      case Nowhere:
        return None
      case Name:
        if (keyword === RECURSIVE) {
          this.#with.refersToItself = this.#with.refersToAll = true
          return Part
        }
        if (kind !== Word && kind !== QuotedIdentifier) break
        this.#name = displayName(sql.slice(token.start, token.end)).toLowerCase()
        this.#place = AfterName
        return Part
      case AfterName:
        if (keyword === AS) this.#place = BeforeBody
        else if (kind === OpenParenthesis) this.#place = Columns
        else break
        return Part
      case Columns:
        if (kind === CloseParenthesis) this.#place = AfterName
        else if (kind === End) break
        return Part
      case BeforeBody:
        if (kind === OpenParenthesis) {
          this.#openBody(depth)
          return BodyBegins
        }
        // `AS NOT MATERIALIZED (`
        if (keyword !== NOT && !isMaterialized(token, sql)) break
        return Part
      case AfterBody:
      case Clause:
      case ClauseEnd:
        return this.#followClauses(token, sql)
    }
    this.#place = Nowhere
    return None
  }

  /** Behind a body: `SEARCH BREADTH FIRST BY a, b SET c`, `CYCLE a, b SET c USING d`, a comma, or the statement. */
  #followClauses(token: TokenReader, sql: string): CteStep {
    const { kind, keyword } = token
    if (kind === Comma && this.#place !== Clause) {
      this.#place = Name
      return Part
    }
    const isCommand = keyword >= SELECT && keyword <= WITH
    if (kind === Word && !isCommand && /^(?:search|cycle)$/i.test(sql.slice(token.start, token.end))) {
      this.#place = Clause
      return Part
    }
    if (this.#place === AfterBody || isCommand || kind === End || kind === Semicolon) {
      this.#place = Nowhere
      return Ended
    }
    if (keyword === SET) this.#place = ClauseEnd
    return Part
  }

  #add(name: string, depth: number): void {
    this.#known.push(name)
    this.#knownDepths.push(depth)
    this.#counts ??= new Map()
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  #openBody(depth: number): void {
    const { refersToItself, refersToAll, tables, length } = this.#with
    this.#place = Nowhere
    if (refersToItself) this.#add(this.#name, depth)
    this.forgotten = refersToAll ? { name: this.#name, tables, length } : undefined
    this.#open.push(this.#name)
    this.#openWiths.push(this.#with)
  }
}

function isMaterialized(token: TokenReader, sql: string): boolean {
  return token.kind === Word && /^materialized$/i.test(sql.slice(token.start, token.end))
}
