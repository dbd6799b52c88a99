import { readOperand } from './operand.js'
import { readRelations, type JoinKind, type Relation } from './relations.js'
import { isQuery, readClauses, type Clause } from './statement-clauses.js'
import { isGroup, isKind, isOperator, readTree, splitAtCommas, wordOf, type Item } from './statement-tree.js'
import { TokenKind } from '../tokens/token-kind.js'

/** What a statement itself reads and writes, without its subqueries. A suggestion needs it to rewrite the statement. */
export interface StatementOutline {
  /** The target of an INSERT or UPDATE, and the relations of its own FROM. */
  readonly relations: readonly OutlinedRelation[]
  /** The columns of the result; `undefined` for an expression without a name. */
  readonly selected: readonly (SelectedColumn | undefined)[]
  /** The columns that SET assigns. */
  readonly assigned: readonly AssignedColumn[]
  /** Whether an aggregate or GROUP BY combines rows. */
  readonly aggregated: boolean
  /** Whether a row of the result depends on other rows: window functions, DISTINCT ON. */
  readonly windowed: boolean
  /** Whether DISTINCT removes equal rows. */
  readonly distinct: boolean
  /** Whether UNION, INTERSECT or EXCEPT combines several SELECTs. */
  readonly combined: boolean
  /** Whether it has an ORDER BY. */
  readonly ordered: boolean
  /** Number of rows in VALUES. */
  readonly rows: number
  /** Whether it has an ON CONFLICT or ON DUPLICATE KEY. */
  readonly resolvesConflicts: boolean
}

/** A table, a subquery or a function in a FROM. */
export interface OutlinedRelation {
  readonly kind: Relation['kind']
  /** The parts of its qualified name, without quotes; empty for a subquery. */
  readonly path: readonly string[]
  readonly alias: string | undefined
  readonly join: JoinKind
}

/** A column of the rows that a SELECT returns. */
export interface SelectedColumn {
  /** The name in the result; `*` for all columns. */
  readonly name: string
  /** The name in its table; `undefined` for an expression. */
  readonly column: string | undefined
  /** The table or alias in front of the column. */
  readonly qualifier: string | undefined
}

/** A column that an UPDATE assigns. */
export interface AssignedColumn {
  /** `undefined` for a row of columns. */
  readonly column: string | undefined
  /** Index of the parameter that the column gets; `undefined` for an expression. */
  readonly parameter: number | undefined
}

const AGGREGATE =
  /^(?:count|count_big|sum|total|avg|min|max|(?:array|string|json|jsonb|range|xml|list)_?agg|jsonb?_object_agg|json_(?:arrayagg|objectagg|group_array|group_object)|group_concat|bool_(?:and|or)|every|bit_(?:and|or|xor)|any_value|mode|percentile_(?:cont|disc)|(?:stddev|var)(?:_(?:pop|samp))?|stdevp?|varp|variance)$/

/**
 * Reads a statement for its outline alone. The safe text of a shape is enough.
 *
 * @returns `undefined` if the statement cannot be read
 */
export function readOutline(sql: string, system: string): StatementOutline | undefined {
  const tree = readTree(sql, system)
  return tree === undefined || tree.hasDoubtfulNames ? undefined : outlineOf(tree.items)
}

/** Outlines a statement whose items {@link readTree} returned. */
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
