import { isGroup, isKind, wordOf, type Group, type Item, type Token } from './statement-tree.js'
import { isQuery } from './statement-clauses.js'
import { TokenKind } from '../tokens/token-kind.js'

const { Cast, Dot, Parameter, QuotedIdentifier, Word } = TokenKind

/** One side of a comparison. */
export interface Operand {
  readonly kind: 'column' | 'parameter' | 'group' | 'other'
  /** The name of a column, without quotes. */
  readonly column: string | undefined
  /** The table or alias right in front of the column. */
  readonly qualifier: string | undefined
  /** The token of a parameter. */
  readonly token: Token | undefined
  /** The items of a row, a list or a subquery. */
  readonly group: Group | undefined
  /** Whether a column is cast or a parameter has a minus sign. */
  readonly isAltered: boolean
  /** Index of the next item. */
  readonly end: number
}

/** Words that begin an expression other than a column. */
const EXPRESSION =
  /^(?:case|exists|not|any|all|some|array|row|interval|select|distinct|current_date|current_time|current_timestamp|localtime|localtimestamp|current_user|default|null)$/
/** Words that continue a type: `timestamp with time zone`, `double precision`. */
const TYPE_TAIL = /^(?:varying|precision|with|without|time|zone|unsigned|signed)$/

/**
 * Reads one operand: a column, a parameter or a group, with or without a cast.
 *
 * It reads one item or call of anything else, and returns the kind `other`, which is not compared with parameters.
 */
export function readOperand(items: readonly Item[], start: number): Operand {
  const item = items[start]
  const operand = readPlain(items, start)
  if (item === undefined || operand.kind === 'other') return operand
  return readCasts(items, operand)
}

function readPlain(items: readonly Item[], start: number): Operand {
  const item = items[start]
  if (item === undefined) return other(start)
  if (isGroup(item)) {
    if (item.isBracket) return other(start + 1)
    // Parentheses around a single operand change nothing. A row, a list or a subquery remains a group.
    const inner = isQuery(item) ? undefined : readOperand(item.items, 0)
    if (inner !== undefined && inner.kind !== 'other' && inner.end === item.items.length) {
      return { ...inner, end: start + 1 }
    }
    return { ...other(start + 1), kind: 'group', group: item }
  }
  if (item.kind === Parameter || item.parameter !== undefined) {
    // The minus sign of a literal is a part of its value.
    const isAltered = item.kind === Parameter && item.text.startsWith('-')
    return { ...other(start + 1), kind: 'parameter', token: item, isAltered }
  }
  const next = items[start + 1]
  if (isGroup(next) && !next.isBracket && isKind(item, Word)) {
    if (item.word === 'cast') return readCastCall(next, start + 2)
    if (item.word === 'row') return { ...other(start + 2), kind: 'group', group: next }
    return other(start + 2)
  }
  const isName = item.name !== '' && !item.isConstant && !EXPRESSION.test(item.word)
  return isName ? readColumn(items, start) : other(start + 1)
}

function readColumn(items: readonly Item[], start: number): Operand {
  let end = start + 1
  const path = [(items[start] as Token).name]
  while (isKind(items[end], Dot)) {
    const part = items[end + 1]
    if (!isKind(part, Word) && !isKind(part, QuotedIdentifier)) return other(end + 1)
    path.push(part.name)
    end += 2
  }
  // A function call or an array element.
  if (isGroup(items[end])) return other(end + 1)
  return { ...other(end), kind: 'column', column: path.at(-1), qualifier: path.at(-2) }
}

/** `cast(a as text)` */
function readCastCall({ items }: Group, end: number): Operand {
  const inner = readOperand(items, 0)
  if (inner.kind === 'other' || wordOf(items[inner.end]) !== 'as') return other(end)
  return { ...inner, isAltered: inner.isAltered || inner.kind === 'column', end }
}

/** `a::text`, `$1::double precision[]` */
function readCasts(items: readonly Item[], operand: Operand): Operand {
  let { end } = operand
  while (isKind(items[end], Cast)) {
    end += 2
    while (isKind(items[end], Dot)) end += 2
    while (isGroup(items[end]) || TYPE_TAIL.test(wordOf(items[end]))) end++
  }
  if (end === operand.end) return operand
  return { ...operand, isAltered: operand.isAltered || operand.kind === 'column', end }
}

function other(end: number): Operand {
  return {
    kind: 'other',
    column: undefined,
    qualifier: undefined,
    token: undefined,
    group: undefined,
    isAltered: false,
    end,
  }
}

/** The operator of a comparison. */
export interface Comparison {
  /** In lower case, without NOT: `=`, `in`, `like`, `is distinct from`; `any` for `= any`. */
  readonly operator: string
  /** Whether NOT precedes the operator. */
  readonly isNegated: boolean
  /** Index of the item behind the operator. */
  readonly end: number
}

const WORD_OPERATOR = /^(?:in|like|ilike|rlike|regexp|glob|match|between)$/
/** Comparison operators. `||` and `+` compute another value instead. */
const OPERATOR = /^(?:[=<>]|==|<=|>=|<>|!=|<=>|~|~\*|!~|!~\*|@>|<@|&&|@@)$/

/** Reads a comparison operator; `undefined` if there is none. */
export function readComparison(items: readonly Item[], start: number): Comparison | undefined {
  let index = start
  const isNegated = wordOf(items[index]) === 'not'
  if (isNegated) index++
  const item = items[index]
  const word = wordOf(item)
  if (WORD_OPERATOR.test(word)) return { operator: word, isNegated, end: index + 1 }
  if (isNegated) return undefined
  if (word === 'is') return readIs(items, index)
  if (!isKind(item, TokenKind.Operator) || !OPERATOR.test(item.text)) return undefined
  const operator = item.text === '==' ? '=' : item.text
  const quantifier = wordOf(items[index + 1])
  if (!/^(?:any|some|all)$/.test(quantifier)) return { operator, isNegated, end: index + 1 }
  const isAny = operator === '=' && quantifier !== 'all'
  return { operator: isAny ? 'any' : `${operator} ${quantifier}`, isNegated, end: index + 2 }
}

function readIs(items: readonly Item[], start: number): Comparison {
  let index = start + 1
  const isNegated = wordOf(items[index]) === 'not'
  if (isNegated) index++
  if (wordOf(items[index]) !== 'distinct') return { operator: 'is', isNegated, end: index }
  return { operator: 'is distinct from', isNegated, end: index + 2 }
}

const FLIPPED: Readonly<Record<string, string>> = {
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
  '@>': '<@',
  '<@': '@>',
}
const SYMMETRIC = /^(?:=|<>|!=|<=>|is|is distinct from|&&)$/

/** The operator for exchanged operands; `undefined` if it has none: `$1 like a`. */
export function flipped(operator: string): string | undefined {
  return SYMMETRIC.test(operator) ? operator : FLIPPED[operator]
}
