import { isGroup, isKind, wordOf, type Group, type Item } from './statement-tree.js'
import { TokenKind } from '../tokens/token-kind.js'

/** A part of a statement that begins with a keyword. */
export interface Clause {
  readonly name: ClauseName
  /** The word that begins it, such as `union` of a `next`; empty for items in front of the first one. */
  readonly keyword: string
  /** The items behind the keyword. */
  readonly items: readonly Item[]
}

/**
 * `next`: another SELECT of a set operation; `conflict`: ON CONFLICT and ON DUPLICATE KEY; `for`: locks and T-SQL's FOR
 * JSON; `returning`: also T-SQL's OUTPUT; `other`: a clause that no trait depends on.
 */
export type ClauseName =
  | 'with'
  | 'select'
  | 'insert'
  | 'update'
  | 'delete'
  | 'from'
  | 'where'
  | 'group'
  | 'having'
  | 'order'
  | 'limit'
  | 'offset'
  | 'fetch'
  | 'set'
  | 'values'
  | 'returning'
  | 'conflict'
  | 'for'
  | 'next'
  | 'other'

const QUERY = /^(?:select|with|values|table|insert|update|delete|replace|merge)$/

/** Whether a group is a query, or a query in more parentheses. */
export function isQuery({ isBracket, items: [first, second] }: Group): boolean {
  if (isBracket || first === undefined) return false
  if (!isGroup(first)) {
    // `(replace(a, 'b', 'c'))` and MySQL's `(insert(a, 1, 2, 'b'))` are functions.
    const isFunction = isGroup(second) && /^(?:replace|insert)$/.test(wordOf(first))
    return QUERY.test(wordOf(first)) && !isFunction
  }
  return isQuery(first) && (second === undefined || isSetOperator(wordOf(second)))
}

/** Splits a statement or a subquery into its clauses. */
export function readClauses(items: readonly Item[]): readonly Clause[] {
  const clauses: Clause[] = []
  let start = 0
  let name: ClauseName = 'other'
  let keyword = ''
  for (let index = 0; index < items.length; index++) {
    const next = clauseAt(items, index, name)
    if (next === undefined) continue
    // An empty clause matters, too: `default values`, `union`.
    if (index > 0) clauses.push({ name, keyword, items: items.slice(start, index) })
    name = next
    keyword = wordOf(items[index])
    start = index + 1
  }
  clauses.push({ name, keyword, items: items.slice(start) })
  return clauses
}

/** The clause that begins at an item inside the current one; `undefined` if none does. */
function clauseAt(items: readonly Item[], index: number, current: ClauseName): ClauseName | undefined {
  const word = wordOf(items[index])
  if (word === '') return undefined
  const next = items[index + 1]
  const before = wordOf(items[index - 1])
  switch (word) {
    case 'with':
      return index === 0 ? 'with' : undefined
    case 'select':
    case 'having':
    case 'returning':
      return word
    case 'output':
      return isOutput(items, index) ? 'returning' : undefined
    case 'where':
      return current === 'conflict' ? undefined : 'where'
    case 'from':
      // `is distinct from`
      return before === 'distinct' && /^(?:is|not)$/.test(wordOf(items[index - 2])) ? undefined : 'from'
    case 'insert':
    case 'replace':
    case 'delete':
      if (index > 0 && current !== 'with') return undefined
      return word === 'delete' ? 'delete' : 'insert'
    case 'update':
      // `on duplicate key update a = …`
      if (current === 'conflict' && before === 'key') return 'set'
      return index === 0 || current === 'with' ? 'update' : undefined
    case 'set':
      return current === 'set' || current === 'with' ? undefined : 'set'
    case 'values':
      // `on duplicate key update a = values(a)`
      return current === 'set' ? undefined : 'values'
    case 'on':
      return /^(?:conflict|duplicate)$/.test(wordOf(next)) ? 'conflict' : undefined
    case 'group':
    case 'order':
      return wordOf(next) === 'by' ? word : undefined
    case 'limit':
    case 'offset':
    case 'fetch':
      return word
    case 'for':
      // `next value for`
      return before === 'value' ? undefined : 'for'
    case 'lock':
      return wordOf(next) === 'in' ? 'for' : undefined
    case 'window':
    case 'option':
      return 'other'
    default:
      return isSetOperator(word) ? 'next' : undefined
  }
}

/** T-SQL's `output inserted.id` or `output deleted.*`, rather than a name. */
function isOutput(items: readonly Item[], index: number): boolean {
  const table = items[index + 1]
  const name = table === undefined || isGroup(table) ? '' : table.name.toLowerCase()
  return /^(?:inserted|deleted)$/.test(name) && isKind(items[index + 2], TokenKind.Dot)
}

function isSetOperator(word: string): boolean {
  return word === 'union' || word === 'intersect' || word === 'except'
}
