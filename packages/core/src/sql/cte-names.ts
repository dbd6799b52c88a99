import { Keyword } from './keywords.js'
import { displayName } from './name.js'
import type { TokenReader } from './token-reader.js'
import { TokenKind } from './tokenizer.js'

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

/** Knows which names are those of CTEs, and so of no table. */
export class CteNames {
  #place: number = Place.Nowhere
  #isRecursive = false
  #name = ''
  /** Of the CTEs whose bodies are open, and whether their `WITH` was recursive. */
  readonly #open: string[] = []
  readonly #openRecursive: boolean[] = []
  #names: Set<string> | undefined = undefined

  /** Forgets all. */
  reset(): void {
    this.#place = Place.Nowhere
    this.#isRecursive = false
    // Setting a length is a hundred times as slow as asking for it.
    if (this.#open.length > 0) this.#open.length = this.#openRecursive.length = 0
    this.#names = undefined
  }

  /** Whether a table of this name is a CTE. */
  has(name: string): boolean {
    return this.#names !== undefined && this.#names.has(name.toLowerCase())
  }

  /** Whether no `WITH` is being read. */
  get isIdle(): boolean {
    return this.#place === Place.Nowhere
  }

  /** How many bodies are open. */
  get depth(): number {
    return this.#open.length
  }

  /** A `WITH` stands here: of CTEs, or of something else such as a time zone. */
  begin(): void {
    this.#place = Place.Name
    this.#isRecursive = false
  }

  /** The body that was opened last is over. A CTE is not known inside itself unless it is recursive. */
  endBody(): void {
    const name = this.#open.pop()
    if (name !== undefined) (this.#names ??= new Set()).add(name)
    this.#isRecursive = this.#openRecursive.pop() === true
    this.#place = Place.AfterBody
  }

  /** Follows one token. */
  follow(token: TokenReader, sql: string): CteStep {
    const { kind } = token
    const { keyword } = token
    switch (this.#place) {
      case Place.Nowhere:
        return CteStep.None
      case Place.Name:
        if (keyword === Keyword.RECURSIVE) {
          this.#isRecursive = true
          return CteStep.Part
        }
        if (kind !== TokenKind.Word && kind !== TokenKind.QuotedIdentifier) break
        this.#name = displayName(sql.slice(token.start, token.end)).toLowerCase()
        this.#place = Place.AfterName
        return CteStep.Part
      case Place.AfterName:
        if (keyword === Keyword.AS) this.#place = Place.BeforeBody
        else if (kind === TokenKind.OpenParenthesis) this.#place = Place.Columns
        else break
        return CteStep.Part
      case Place.Columns:
        if (kind === TokenKind.CloseParenthesis) this.#place = Place.AfterName
        else if (kind === TokenKind.End) break
        return CteStep.Part
      case Place.BeforeBody:
        if (kind === TokenKind.OpenParenthesis) {
          this.#openBody()
          return CteStep.BodyBegins
        }
        // `AS NOT MATERIALIZED (`
        if (kind !== TokenKind.Word) break
        return CteStep.Part
      case Place.AfterBody:
      case Place.Clause:
      case Place.ClauseEnd:
        return this.#followClauses(token, sql)
    }
    this.#place = Place.Nowhere
    return CteStep.None
  }

  /** Behind a body: `SEARCH BREADTH FIRST BY a, b SET c`, `CYCLE a, b SET c USING d`, a comma, or the statement. */
  #followClauses(token: TokenReader, sql: string): CteStep {
    const { kind, keyword } = token
    if (kind === TokenKind.Comma && this.#place !== Place.Clause) {
      this.#place = Place.Name
      return CteStep.Part
    }
    const isCommand = keyword >= Keyword.SELECT && keyword <= Keyword.WITH
    if (
      kind === TokenKind.Word &&
      !isCommand &&
      /^(?:search|cycle)$/i.test(sql.slice(token.start, token.end))
    ) {
      this.#place = Place.Clause
      return CteStep.Part
    }
    if (
      this.#place === Place.AfterBody ||
      isCommand ||
      kind === TokenKind.End ||
      kind === TokenKind.Semicolon
    ) {
      this.#place = Place.Nowhere
      return CteStep.Ended
    }
    if (keyword === Keyword.SET) this.#place = Place.ClauseEnd
    return CteStep.Part
  }

  #openBody(): void {
    this.#place = Place.Nowhere
    if (this.#isRecursive) (this.#names ??= new Set()).add(this.#name)
    this.#open.push(this.#name)
    this.#openRecursive.push(this.#isRecursive)
  }
}
