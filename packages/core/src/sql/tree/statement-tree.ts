import { lexicalRulesOf, normalizeSystem } from '../tokens/dialect.js'
import type { LexicalRules } from '../tokens/lexical-rules.js'
import { TokenKind } from '../tokens/token-kind.js'
import { ignoreComments, TokenReader } from '../tokens/token-reader.js'

const {
  CloseBracket,
  CloseParenthesis,
  End,
  OpenBracket,
  OpenParenthesis,
  QuotedIdentifier,
  Semicolon,
  Unreadable,
  Word,
} = TokenKind

/** A token other than a parenthesis or a bracket. */
export interface Token {
  readonly kind: TokenKind
  /** As written in the statement. May be a literal, which must not leave the process. */
  readonly text: string
  /** The word in lower case if it may be a keyword: it has no quotes, and no dot precedes it. Otherwise empty. */
  readonly word: string
  /** The name if the token is a word or a quoted identifier, without quotes. Otherwise empty. */
  readonly name: string
  /** Whether it is a literal or a parameter. */
  readonly isConstant: boolean
  /**
   * Index in the list of parameters, from 0; `undefined` if the token is not a parameter. Where literals are read as
   * parameters, they follow the parameters in the order of the text.
   */
  readonly parameter: number | undefined
}

/** The items between parentheses or brackets. */
export interface Group {
  readonly isBracket: boolean
  readonly items: readonly Item[]
}

/** A node of a {@link StatementTree}. */
export type Item = Token | Group

/** UTF-16 units. Longer statements are bulk loads, whose traits no finding needs. */
const MAX_LENGTH = 32_000
/** No query builder nests as deep. The limit keeps recursive readers from overflowing the stack. */
const MAX_DEPTH = 100

const reader = new TokenReader()

/** Whether an item is a group. */
export function isGroup(item: Item | undefined): item is Group {
  return item !== undefined && 'items' in item
}

/** The keyword of an item; empty if it has none. */
export function wordOf(item: Item | undefined): string {
  return item === undefined || isGroup(item) ? '' : item.word
}

/** Whether an item is a token of a kind. */
export function isKind(item: Item | undefined, kind: TokenKind): item is Token {
  return item !== undefined && !isGroup(item) && item.kind === kind
}

/** Whether an item is an operator as written, such as `=`. */
export function isOperator(item: Item | undefined, text: string): boolean {
  return isKind(item, TokenKind.Operator) && item.text === text
}

/** The items between commas. */
export function splitAtCommas(items: readonly Item[]): readonly (readonly Item[])[] {
  const parts: Item[][] = [[]]
  for (const item of items) {
    if (isKind(item, TokenKind.Comma)) parts.push([])
    else parts.at(-1)!.push(item)
  }
  return parts.length === 1 && parts[0]!.length === 0 ? [] : parts
}

/** A statement as the tree of its parentheses. Readers find clauses and operands by the order of the items. */
export interface StatementTree {
  readonly items: readonly Item[]
  /** Whether a token in double quotes may be a name or a literal, because the system is unknown. */
  readonly hasDoubtfulNames: boolean
}

/**
 * Reads a statement.
 *
 * @param literalsFrom the index of the first literal where literals are read as parameters
 * @param backslashEscapes whether a backslash escapes a quote; by default the usual setting of the system holds
 * @returns `undefined` if the text is too long or too deep, holds several statements, or cannot be read with certainty
 */
export function readTree(
  sql: string,
  system: string,
  literalsFrom?: number,
  backslashEscapes?: boolean,
): StatementTree | undefined {
  return sql.length > MAX_LENGTH
    ? undefined
    : read(sql, lexicalRulesOf(system, backslashEscapes), new ParameterNumbers(system, literalsFrom))
}

/** Reads a statement of any length, with memory in proportion. Only tests may do that. */
export function readLongTree(
  sql: string,
  system: string,
  backslashEscapes: boolean | undefined,
): StatementTree | undefined {
  return read(sql, lexicalRulesOf(system, backslashEscapes), new ParameterNumbers(system, undefined))
}

function read(sql: string, rules: LexicalRules, numbers: ParameterNumbers): StatementTree | undefined {
  reader.begin(sql, rules)
  try {
    return readItems(sql, numbers)
  } finally {
    reader.release()
  }
}

function readItems(sql: string, numbers: ParameterNumbers): StatementTree | undefined {
  let items: Item[] = []
  const open: { readonly kind: TokenKind; readonly outer: Item[] }[] = []
  let isOver = false
  let hasDoubtfulNames = false
  for (;;) {
    reader.read(ignoreComments)
    const { kind } = reader
    if (kind === End) break
    if (kind === Unreadable || isOver) return undefined
    switch (kind) {
      case OpenParenthesis:
      case OpenBracket: {
        if (open.length >= MAX_DEPTH) return undefined
        const inner: Item[] = []
        open.push({ kind, outer: items })
        items.push({ isBracket: kind === OpenBracket, items: inner })
        items = inner
        break
      }
      case CloseParenthesis:
      case CloseBracket: {
        const closed = open.pop()
        if (closed?.kind !== (kind === CloseBracket ? OpenBracket : OpenParenthesis)) return undefined
        items = closed.outer
        break
      }
      case Semicolon:
        isOver = true
        break
      default:
        hasDoubtfulNames ||= reader.isDoubtfulName
        items.push(readToken(sql, numbers))
    }
  }
  return open.length === 0 ? { items, hasDoubtfulNames } : undefined
}

function readToken(sql: string, numbers: ParameterNumbers): Token {
  const { kind, isConstant, isLiteral, previousKind } = reader
  const text = sql.slice(reader.start, reader.end)
  const isWord = kind === Word
  return {
    kind,
    text,
    word: isWord && previousKind !== TokenKind.Dot ? text.toLowerCase() : '',
    name: isWord ? text : kind === QuotedIdentifier ? unquoted(text) : '',
    isConstant,
    parameter: isLiteral ? numbers.ofLiteral() : kind === TokenKind.Parameter ? numbers.of(text) : undefined,
  }
}

function unquoted(name: string): string {
  const inner = name.slice(1, -1)
  return name.startsWith('"') ? inner.replaceAll('""', '"') : inner
}

/** Maps parameters to the values that the driver got. */
class ParameterNumbers {
  readonly #system: string
  readonly #named = new Map<string, number>()
  #next = 0
  #nextLiteral: number | undefined

  constructor(system: string, literalsFrom: number | undefined) {
    this.#system = normalizeSystem(system)
    this.#nextLiteral = literalsFrom
  }

  ofLiteral(): number | undefined {
    return this.#nextLiteral === undefined ? undefined : this.#nextLiteral++
  }

  of(text: string): number | undefined {
    // `$1`, also with a sign; SQL Server's `@1` and `@p1`; SQLite's `?1`
    const number = /[$@?]p?(\d+)$/i.exec(text)?.[1]
    if (number !== undefined) {
      // In SQLite, `?` has the largest number so far plus one.
      this.#next = Math.max(this.#next, Number(number))
      return Number(number) - 1
    }
    if (text.endsWith('?')) return this.#next++
    // In other systems a name is a variable of the session or the batch.
    if (this.#system !== 'sqlite') return undefined
    const name = /[:@$]\w+$/.exec(text)?.[0] ?? text
    const known = this.#named.get(name)
    if (known === undefined) this.#named.set(name, this.#next)
    return known ?? this.#next++
  }
}
