import { lexicalRulesOf, normalizeSystem } from '../tokens/dialect.js'
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

/** A token that is no parenthesis. */
export interface Token {
  readonly kind: TokenKind
  /** As it stands in the statement. May be a literal: it must not leave the process. */
  readonly text: string
  /** A word in lower case, if it can be a keyword: without quotes and not behind a dot. Otherwise empty. */
  readonly word: string
  /** A word or a quoted identifier as a name, without its quotes. Otherwise empty. */
  readonly name: string
  /** Whether it is a literal or a parameter. */
  readonly isConstant: boolean
  /** Of a parameter its place in the list of parameters, from 0. */
  readonly parameter: number | undefined
}

/** What stands between parentheses or brackets. */
export interface Group {
  readonly isBracket: boolean
  readonly items: readonly Item[]
}

export type Item = Token | Group

/** Longer statements are bulk loads, which nobody looks for traits in. */
const MAX_LENGTH = 32_000
/** No query builder nests as deep, and reading a tree is recursive. */
const MAX_DEPTH = 100

const reader = new TokenReader()

/** Whether an item is a group. */
export function isGroup(item: Item | undefined): item is Group {
  return item !== undefined && 'items' in item
}

/** The keyword that an item is, or the empty string. */
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

/** A statement as the tree of its parentheses, in which what belongs together is found by looking at neighbours. */
export interface StatementTree {
  readonly items: readonly Item[]
  /** Whether something in double quotes is a name in some systems and a literal in others, and nobody knows which. */
  readonly hasDoubtfulNames: boolean
}

/**
 * Reads a statement.
 *
 * @returns `undefined` where it is too long or too deep, more than one, or not to be read with certainty
 */
export function readTree(sql: string, system: string): StatementTree | undefined {
  if (sql.length > MAX_LENGTH) return undefined
  reader.begin(sql, lexicalRulesOf(system))
  try {
    return readItems(sql, new ParameterNumbers(normalizeSystem(system)))
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
  const { kind, isConstant, previousKind } = reader
  const text = sql.slice(reader.start, reader.end)
  const isWord = kind === Word
  return {
    kind,
    text,
    word: isWord && previousKind !== TokenKind.Dot ? text.toLowerCase() : '',
    name: isWord ? text : kind === QuotedIdentifier ? unquoted(text) : '',
    isConstant,
    parameter: kind === TokenKind.Parameter ? numbers.of(text) : undefined,
  }
}

function unquoted(name: string): string {
  const inner = name.slice(1, -1)
  return name.startsWith('"') ? inner.replaceAll('""', '"') : inner
}

/** Which of the values that a driver was given stands for a parameter. */
class ParameterNumbers {
  readonly #system: string
  readonly #named = new Map<string, number>()
  #next = 0

  constructor(system: string) {
    this.#system = system
  }

  of(text: string): number | undefined {
    // `$1`, also behind a sign; SQL Server's `@1` and `@p1`, SQLite's `?1`
    const number = /[$@?]p?(\d+)$/i.exec(text)?.[1]
    if (number !== undefined) {
      // In SQLite, `?` is one more than the largest so far.
      this.#next = Math.max(this.#next, Number(number))
      return Number(number) - 1
    }
    if (text.endsWith('?')) return this.#next++
    // Elsewhere names are variables of the session's or the batch's.
    if (this.#system !== 'sqlite') return undefined
    const name = /[:@$]\w+$/.exec(text)?.[0] ?? text
    const known = this.#named.get(name)
    if (known === undefined) this.#named.set(name, this.#next)
    return known ?? this.#next++
  }
}
