import { readOperand } from './operand.js'
import { readRelations, type JoinKind, type Relation } from './relations.js'
import { isQuery, readClauses, type Clause } from './statement-clauses.js'
import { isGroup, isKind, isOperator, readTree, splitAtCommas, wordOf, type Item } from './statement-tree.js'
import { TokenKind } from '../tokens/token-kind.js'

/** What a statement reads or writes, without what stands in its subqueries: as much as one needs to rewrite it. */
export interface StatementOutline {
  /** What its own FROM lists, or the target of an INSERT or UPDATE and what follows. */
  readonly relations: readonly OutlinedRelation[]
  /** What it selects; `undefined` for an expression without a name. */
  readonly selected: readonly (SelectedColumn | undefined)[]
  /** What it sets. */
  readonly assigned: readonly AssignedColumn[]
  /** Whether rows become one: by an aggregate or GROUP BY. */
  readonly aggregated: boolean
  /** Whether a row of the answer depends on the other rows: window functions, DISTINCT ON. */
  readonly windowed: boolean
  /** Whether rows that are alike become one. */
  readonly distinct: boolean
  /** Whether several SELECTs are combined. */
  readonly combined: boolean
  /** Whether it says in which order it wants its rows. */
  readonly ordered: boolean
  /** How many rows VALUES lists. */
  readonly rows: number
  /** Whether it says what to do about a row that is there already. */
  readonly resolvesConflicts: boolean
}

/** A table, a subquery or a function in a FROM. */
export interface OutlinedRelation {
  readonly kind: Relation['kind']
  /** With what qualifies it in front; empty for a subquery. Without quotes. */
  readonly path: readonly string[]
  readonly alias: string | undefined
  readonly join: JoinKind
}

/** A column of the rows that a SELECT returns. */
export interface SelectedColumn {
  /** As the rows have it; `*` for all columns. */
  readonly name: string
  /** What it is in its table; `undefined` for an expression. */
  readonly column: string | undefined
  readonly qualifier: string | undefined
}

/** A column that an UPDATE sets. */
export interface AssignedColumn {
  /** `undefined` where it is more than one. */
  readonly column: string | undefined
  /** The parameter that it becomes; `undefined` for an expression. */
  readonly parameter: number | undefined
}

const AGGREGATE =
  /^(?:count|count_big|sum|total|avg|min|max|(?:array|string|json|jsonb|range|xml|list)_?agg|jsonb?_object_agg|json_(?:arrayagg|objectagg|group_array|group_object)|group_concat|bool_(?:and|or)|every|bit_(?:and|or|xor)|any_value|mode|percentile_(?:cont|disc)|(?:stddev|var)(?:_(?:pop|samp))?|stdevp?|varp|variance)$/

/**
 * Reads a statement that is known by its safe text only, or anew.
 *
 * @returns `undefined` where it cannot be read
 */
export function readOutline(sql: string, system: string): StatementOutline | undefined {
  const tree = readTree(sql, system)
  return tree === undefined || tree.hasDoubtfulNames ? undefined : outlineOf(tree.items)
}

/** Outlines a statement that has been read. */
export function outlineOf(items: readonly Item[]): StatementOutline {
  const clauses = readClauses(items)
  const all = (name: Clause['name']): readonly Item[] =>
    clauses.find((clause) => clause.name === name)?.items ?? []
  const select = all('select')
  const target = [...all('update'), ...insertTarget(all('insert'))]
  const from = readRelations(all('from'))
  const relations = target.length === 0 ? from : [...readRelations(target), ...from]
  return {
    relations: relations.map(({ kind, path, alias, join }) => ({ kind, path, alias, join })),
    selected: splitAtCommas(withoutQuantifier(select)).map(readSelected),
    assigned: splitAtCommas(all('set')).map(readAssigned),
    aggregated: all('group').length > 0 || hasAggregate(select),
    windowed: select.some((item, index) => isWindow(select, index) || isDistinctOn(select, index)),
    distinct: select.some((item) => wordOf(item) === 'distinct'),
    combined: clauses.some(({ name }) => name === 'next'),
    ordered: clauses.some(({ name }) => name === 'order'),
    rows: all('values').filter(isGroup).length,
    resolvesConflicts: clauses.some(({ name }) => name === 'conflict'),
  }
}

/** `into "posts" as "p" ("id", "title")` */
function insertTarget(items: readonly Item[]): readonly Item[] {
  const into = items.findIndex((item) => wordOf(item) === 'into')
  const list = items.findIndex(isGroup)
  return items.slice(into + 1, list < 0 ? items.length : list)
}

/** `distinct on (…) a, b`, `top(10) a, b` */
function withoutQuantifier(items: readonly Item[]): readonly Item[] {
  let start = 0
  if (wordOf(items[start]) === 'top') start += 2
  if (/^(?:distinct|all)$/.test(wordOf(items[start]))) start++
  if (wordOf(items[start]) === 'on' && isGroup(items[start + 1])) start += 2
  return items.slice(start)
}

function isDistinctOn(items: readonly Item[], index: number): boolean {
  return wordOf(items[index]) === 'on' && wordOf(items[index - 1]) === 'distinct'
}

function isWindow(items: readonly Item[], index: number): boolean {
  return wordOf(items[index]) === 'over'
}

function hasAggregate(items: readonly Item[]): boolean {
  return items.some((item, index) => {
    if (isGroup(item)) return !isQuery(item) && hasAggregate(item.items)
    return AGGREGATE.test(item.word) && isGroup(items[index + 1])
  })
}

/** `a`, `t.a`, `t.*`, `a as b`, `lower(a) as b` */
function readSelected(items: readonly Item[]): SelectedColumn | undefined {
  const last = items.at(-1)
  if (isOperator(last, '*')) {
    const [qualifier] = items.slice(-3)
    if (items.length === 1) return { name: '*', column: undefined, qualifier: undefined }
    const isQualified = isKind(items.at(-2), TokenKind.Dot) && isName(qualifier)
    return isQualified ? { name: '*', column: undefined, qualifier: qualifier.name } : undefined
  }
  const operand = readOperand(items, 0)
  const isPlain = operand.kind === 'column' && !operand.isAltered
  const column = isPlain ? operand.column : undefined
  if (isPlain && operand.end === items.length) return { name: column!, column, qualifier: operand.qualifier }
  const isNamed = wordOf(items.at(-2)) === 'as' || (isPlain && operand.end === items.length - 1)
  if (!isNamed || !isName(last)) return undefined
  const isWhole = operand.end >= items.length - 2
  return { name: last.name, column: isWhole ? column : undefined, qualifier: operand.qualifier }
}

function readAssigned(items: readonly Item[]): AssignedColumn {
  const target = readOperand(items, 0)
  const value = readOperand(items, target.end + 1)
  const isPlain = isOperator(items[target.end], '=') && value.end === items.length && !value.isAltered
  return { column: target.column, parameter: isPlain ? value.token?.parameter : undefined }
}

function isName(item: Item | undefined): item is Extract<Item, { readonly name: string }> {
  return item !== undefined && !isGroup(item) && item.name !== ''
}
