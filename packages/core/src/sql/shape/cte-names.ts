import { Keyword } from '../tokens/keywords.js'
import { displayName } from './name.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

// Constants of this module cost nothing to compare with, those of an imported object two loads each.
const { CloseParenthesis, Comma, End, OpenParenthesis, QuotedIdentifier, Semicolon, Word } = TokenKind
const { AS, NOT, RECURSIVE, SELECT, SET, WITH } = Keyword

/** Where in `WITH name (columns) AS (body) SEARCH … SET column, …` the tokens are. */
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
  /** Nothing: it is to be read as any other token. */
  None: 0,
  /** It is a part of the `WITH` itself. */
  Part: 1,
  /** It opens the body of a CTE. */
  BodyBegins: 2,
  /** The list of CTEs is over: the token begins the main statement. */
  Ended: 3,
} as const
export type CteStep = (typeof CteStep)[keyof typeof CteStep]

const { BodyBegins, Ended, None, Part } = CteStep

/** Knows which names are those of CTEs, and so of no table. */
export class CteNames {
  #place: number = Nowhere
  #isRecursive = false
  #name = ''
  /** Of the CTEs whose bodies are open, and whether their `WITH` was recursive. */
  readonly #open: string[] = []
  readonly #openRecursive: boolean[] = []
  /** The CTEs that are known here, in the order of the text, and how many parentheses are open around each. */
  readonly #known: string[] = []
  readonly #knownDepths: number[] = []
  /** How often a name is among them. */
  #counts: Map<string, number> | undefined = undefined

  /** Forgets all. */
  reset(): void {
    this.#place = Nowhere
    this.#isRecursive = false
    // Setting a length is a hundred times as slow as asking for it.
    if (this.#open.length > 0) this.#open.length = this.#openRecursive.length = 0
    if (this.#known.length > 0) this.#known.length = this.#knownDepths.length = 0
    this.#counts = undefined
  }

  /** Whether a table of this name is a CTE. */
  has(name: string): boolean {
    return this.#counts !== undefined && (this.#counts.get(name.toLowerCase()) ?? 0) > 0
  }

  /** Whether no `WITH` is being read. */
  get isIdle(): boolean {
    return this.#place === Nowhere
  }

  /** How many bodies are open. */
  get depth(): number {
    return this.#open.length
  }

  /** A `WITH` stands here: of CTEs, or of something else such as a time zone. */
  begin(): void {
    this.#place = Name
    this.#isRecursive = false
  }

  /**
   * The body that was opened last is over. A CTE is not known inside itself unless it is recursive.
   *
   * @param depth how many parentheses are open now
   */
  endBody(depth: number): void {
    const name = this.#open.pop()
    if (name !== undefined) this.#add(name, depth)
    this.#isRecursive = this.#openRecursive.pop() === true
    this.#place = AfterBody
  }

  /** A parenthesis was closed: CTEs of the statement in it are not known outside. */
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
   * @param depth how many parentheses are open
   */
  follow(token: TokenReader, sql: string, depth: number): CteStep {
    const { kind } = token
    const { keyword } = token
    switch (this.#place) {
      case Nowhere:
        return None
      case Name:
        if (keyword === RECURSIVE) {
          this.#isRecursive = true
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
    this.#place = Nowhere
    if (this.#isRecursive) this.#add(this.#name, depth)
    this.#open.push(this.#name)
    this.#openRecursive.push(this.#isRecursive)
  }
}

function isMaterialized(token: TokenReader, sql: string): boolean {
  return token.kind === Word && /^materialized$/i.test(sql.slice(token.start, token.end))
}
