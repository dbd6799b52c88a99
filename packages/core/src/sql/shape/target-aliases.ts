import { Keyword, WordFact } from '../tokens/keywords.js'
import { displayName } from './name.js'
import type { TokenReader } from '../tokens/token-reader.js'
import { TokenKind } from '../tokens/token-kind.js'

const { QuotedIdentifier, Word } = TokenKind
const { AS } = Keyword
const { EndsTables, Reserved } = WordFact

/** Searching takes time in proportion, and no statement has more targets. */
const MAX_TARGETS = 32

interface Target {
  readonly name: string
  /** Number of open parentheses around it. A subquery has its own aliases. */
  readonly depth: number
}

/** Finds targets that are aliases of later tables: `UPDATE o SET … FROM orders o`, `DELETE o FROM orders o`. */
export class TargetAliases {
  readonly #targets: Target[] = []
  #source: string | undefined = undefined
  #depth = 0

  /** Forgets the last statement. */
  reset(): void {
    if (this.#targets.length > 0) this.#targets.length = 0
    this.#source = undefined
  }

  /** Whether the next token may be the alias of a target. */
  get isWaiting(): boolean {
    return this.#source !== undefined
  }

  /** Adds the target of an `UPDATE` or `DELETE`. */
  addTarget(name: string, depth: number): void {
    if (this.#targets.length < MAX_TARGETS) this.#targets.push({ name, depth })
  }

  /** Adds a table that is read. */
  addSource(name: string, depth: number): void {
    if (this.#targets.length === 0) return
    this.#source = name
    this.#depth = depth
  }

  /** @returns the target that is the alias of the last source, and that source, if the token shows it */
  follow(token: TokenReader, sql: string): readonly [alias: string, table: string] | undefined {
    const source = this.#source
    if (source === undefined || token.keyword === AS) return undefined
    this.#source = undefined
    const isName =
      token.kind === QuotedIdentifier || (token.kind === Word && !token.has(Reserved | EndsTables))
    if (!isName) return undefined
    const alias = displayName(sql.slice(token.start, token.end)).toLowerCase()
    const target = this.#find(alias, this.#depth)
    return target && [target.name, source]
  }

  /** Whether the name is that of a target. */
  isTarget(name: string, depth: number): boolean {
    return this.#find(name.toLowerCase(), depth) !== undefined
  }

  #find(lowerName: string, depth: number): Target | undefined {
    return this.#targets.find((target) => target.depth === depth && target.name.toLowerCase() === lowerName)
  }
}
