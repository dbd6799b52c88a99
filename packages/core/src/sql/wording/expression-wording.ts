import { factsOf, WordFact } from '../tokens/keywords.js'
import { TokenKind } from '../tokens/token-kind.js'
import { isQuery } from '../tree/statement-clauses.js'
import {
  isGroup,
  isKind,
  splitAtCommas,
  wordOf,
  type Group,
  type Item,
  type Token,
} from '../tree/statement-tree.js'
import type { NameScope } from './name-scope.js'
import type { WriteName } from './name-wording.js'

const { Cast, Dot, Operator, Parameter, QuotedIdentifier, Word } = TokenKind
const { IntervalField, Type, TypeHead, TypeTail } = WordFact

const VALUE = '?'
/** Words that stand before a parenthesis and call no function. */
const NO_FUNCTION =
  /^(?:in|and|or|not|exists|any|all|some|as|on|using|over|by|from|when|then|else|between|is|like|ilike|values|filter|within|group|escape|limit|offset|row|array|top|conflict)$/
const OPERATORS: Readonly<Record<string, string>> = { '!=': '<>', ':=': '=>' }

/** Writes the query in a parenthesis, without the parenthesis. */
export type WriteQuery = (group: Group, scope: NameScope) => string

/** Writes conditions and other expressions in words: every value as `?`, every list and alternative once. */
export class ExpressionWording {
  readonly #nameOf: WriteName
  readonly #writeQuery: WriteQuery

  constructor(nameOf: WriteName, writeQuery: WriteQuery) {
    this.#nameOf = nameOf
    this.#writeQuery = writeQuery
  }

  /** Expressions with commas between them. */
  writeAll(items: readonly Item[], scope: NameScope): string {
    return splitAtCommas(items)
      .map((part) => this.write(part, scope))
      .join(', ')
  }

  /** One expression. It keeps one of several alternatives with equal wording, as the fingerprint does. */
  write(items: readonly Item[], scope: NameScope): string {
    const alternatives = splitAtWords(items, /^or$/).map((part) => this.#writePlain(part, scope))
    return [...new Set(alternatives)].join(' or ')
  }

  #writePlain(items: readonly Item[], scope: NameScope): string {
    const pieces = new Pieces()
    for (let index = 0; index < items.length;) {
      const item = items[index]!
      if (isGroup(item)) index = this.#addGroup(pieces, items, index, scope)
      else if (item.isConstant || item.kind === Parameter) index = addValue(pieces, items, index)
      else if (item.kind === Cast) index = this.#addCast(pieces, items, index)
      else if (item.word === 'case') index = this.#addCase(pieces, items, index, scope)
      else if (item.name !== '') index = this.#addName(pieces, items, index, scope)
      else {
        if (item.kind === Operator) pieces.add(OPERATORS[item.text] ?? item.text)
        else if (item.kind === Dot) pieces.append('.')
        else pieces.add(textOf(item))
        index++
      }
    }
    return pieces.text
  }

  #addGroup(pieces: Pieces, items: readonly Item[], index: number, scope: NameScope): number {
    const group = items[index] as Group
    const before = items[index - 1]
    const word = wordOf(before)
    if (isQuery(group)) {
      const text = `(${this.#writeQuery(group, scope)})`
      if (isCall(before)) pieces.append(text)
      else pieces.add(text)
      return index + 1
    }
    if (group.isBracket) {
      const isList =
        word === 'array' || !(isKind(before, Word) || isKind(before, QuotedIdentifier) || isGroup(before))
      const text = `[${isList ? this.#writeList(group, scope) : this.writeAll(group.items, scope)}]`
      if (isList && word !== 'array') pieces.add(text)
      else pieces.append(text)
      return index + 1
    }
    if (word === 'cast') return this.#addCastCall(pieces, group, index, scope)
    const isList = word === 'in' || word === 'values'
    const inner = isList ? this.#writeList(group, scope) : this.writeAll(group.items, scope)
    const isRedundant =
      inner === VALUE ? !NO_FUNCTION.test(word) || isConnective(before) : isCondition(items, index, inner)
    if (isCall(before)) pieces.append(`(${inner})`)
    else pieces.add(isRedundant && !isList ? inner : `(${inner})`)
    return index + 1
  }

  /** The different elements. The number of elements of a list does not count. */
  #writeList({ items }: Group, scope: NameScope): string {
    return [...new Set(splitAtCommas(items).map((part) => this.write(part, scope)))].join(', ')
  }

  /** `cast(a as text)` is `a::text`. */
  #addCastCall(pieces: Pieces, { items }: Group, index: number, scope: NameScope): number {
    const as = items.findLastIndex((item) => wordOf(item) === 'as')
    pieces.drop()
    const inner = this.write(as < 0 ? items : items.slice(0, as), scope)
    pieces.add(inner)
    if (as >= 0 && inner !== VALUE) pieces.append(`::${this.#writeType(items.slice(as + 1))}`)
    return index + 1
  }

  /** A cast of a value may be there or not: `?::int` is `?`. */
  #addCast(pieces: Pieces, items: readonly Item[], index: number): number {
    const end = endOfType(items, index + 1)
    if (pieces.last !== VALUE) pieces.append(`::${this.#writeType(items.slice(index + 1, end))}`)
    return end
  }

  #writeType(items: readonly Item[]): string {
    return items
      .map((item) => {
        if (!isGroup(item)) return item.name === '' ? textOf(item) : ` ${this.#nameOf(item)}`
        return item.isBracket ? '[]' : ''
      })
      .join('')
      .replace(/(^|\.) /g, '$1')
      .trim()
  }

  /** A `CASE` with each of its branches once. */
  #addCase(pieces: Pieces, items: readonly Item[], index: number, scope: NameScope): number {
    const end = endOfCase(items, index)
    const branches: Item[][] = [[]]
    let depth = 0
    for (const item of items.slice(index + 1, end)) {
      const word = wordOf(item)
      if (depth === 0 && /^(?:when|else)$/.test(word)) branches.push([])
      if (word === 'case') depth++
      if (word === 'end') depth--
      branches.at(-1)!.push(item)
    }
    const written = branches
      .map((branch) => this.#writeBranch(branch, scope))
      .filter((branch) => branch !== '')
    pieces.add(['case', ...new Set(written), 'end'].join(' '))
    return end + 1
  }

  #writeBranch(items: readonly Item[], scope: NameScope): string {
    const word = wordOf(items[0])
    if (word !== 'when') return this.#writePlain(items, scope)
    const [condition = [], ...results] = splitAtWords(items.slice(1), /^then$/)
    return [
      'when',
      this.write(condition, scope),
      ...results.map((part) => `then ${this.write(part, scope)}`),
    ].join(' ')
  }

  #addName(pieces: Pieces, items: readonly Item[], index: number, scope: NameScope): number {
    const token = items[index] as Token
    const path = [this.#nameOf(token)]
    let end = index + 1
    while (isKind(items[end], Dot)) {
      const part = items[end + 1]
      if (part === undefined || isGroup(part)) break
      path.push(part.name === '' ? textOf(part) : this.#nameOf(part))
      end += 2
    }
    const label = path.length > 1 ? scope.labelOf(path.at(-2)!) : undefined
    const name =
      label === undefined ? path.join('.') : label === '' ? path.at(-1)! : `${label}.${path.at(-1)}`
    if (isKind(items[index - 1], Dot)) pieces.append(name)
    else pieces.add(name)
    return end
  }
}

/** Text with spaces between its pieces. */
class Pieces {
  readonly #pieces: string[] = []

  get text(): string {
    return this.#pieces.join(' ')
  }

  get last(): string | undefined {
    return this.#pieces.at(-1)
  }

  add(piece: string): void {
    this.#pieces.push(piece)
  }

  /** Adds text without a space. */
  append(text: string): void {
    this.#pieces.push((this.#pieces.pop() ?? '') + text)
  }

  drop(): void {
    this.#pieces.pop()
  }

  /** Drops the words of a type at the end, and returns them. */
  dropType(): readonly string[] {
    let start = this.#pieces.length
    while (isType(this.#pieces[start - 1])) start--
    // `a at time zone 'UTC'`
    return this.#pieces[start - 1] === 'at' ? [] : this.#pieces.splice(start)
  }
}

/** The text of a token that is no name. */
function textOf({ isConstant, text }: Token): string {
  return isConstant ? VALUE : text
}

/** A literal or a parameter, without the type in front of it: `date '2026-11-24'`, `interval '1' day to second`. */
function addValue(pieces: Pieces, items: readonly Item[], index: number): number {
  const isInterval = pieces.dropType().includes('interval')
  pieces.add(VALUE)
  let end = index + 1
  while (isInterval && (factsOf(wordOf(items[end])) & IntervalField) !== 0) {
    end++
    if (isGroup(items[end])) end++
  }
  return end
}

function isType(word: string | undefined): boolean {
  return word !== undefined && (factsOf(word) & (Type | TypeHead | TypeTail)) !== 0
}

/** Whether parentheses change nothing: around a whole condition, and around one of several that has no parts itself. */
function isCondition(items: readonly Item[], index: number, inner: string): boolean {
  if (inner.includes(', ')) return false
  if (items.length === 1) return true
  return isConnective(items[index - 1]) && isConnective(items[index + 1]) && !/ (?:and|or) /.test(inner)
}

/** `and`, `or`, or the end of the expression. */
function isConnective(item: Item | undefined): boolean {
  return item === undefined || /^(?:and|or)$/.test(wordOf(item))
}

/** Whether a parenthesis behind the item holds arguments. */
function isCall(item: Item | undefined): boolean {
  if (isKind(item, QuotedIdentifier)) return true
  return isKind(item, Word) && !item.isConstant && !NO_FUNCTION.test(item.word)
}

function endOfType(items: readonly Item[], start: number): number {
  let end = start + 1
  while (isKind(items[end], Dot)) end += 2
  while (isGroup(items[end]) || (factsOf(wordOf(items[end])) & (TypeTail | IntervalField)) !== 0) end++
  return end
}

function endOfCase(items: readonly Item[], start: number): number {
  let depth = 0
  for (let index = start; index < items.length; index++) {
    const word = wordOf(items[index])
    if (word === 'case') depth++
    if (word === 'end' && --depth === 0) return index
  }
  return items.length
}

/** Splits at words that are not inside a `CASE`. */
function splitAtWords(items: readonly Item[], separator: RegExp): readonly (readonly Item[])[] {
  const parts: Item[][] = [[]]
  let depth = 0
  for (const item of items) {
    const word = wordOf(item)
    if (word === 'case') depth++
    if (word === 'end') depth--
    if (depth === 0 && separator.test(word)) parts.push([])
    else parts.at(-1)!.push(item)
  }
  return parts
}
