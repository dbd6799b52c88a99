import { readRelations, type Relation } from './relations.js'
import { limitOf } from './row-limit.js'
import { isQuery, readClauses } from './statement-clauses.js'
import { isGroup, type Item } from './statement-tree.js'

/** Whether a CTE restricts its rows or their number, by its name. */
type Queries = ReadonlyMap<string, boolean>

const NO_QUERIES: Queries = new Map()

/**
 * Whether a query restricts which rows it returns: by WHERE, HAVING or an inner join, or because each relation that it
 * reads does. A WHERE in the subquery of a column or of a LEFT JOIN excludes no row. Neither does `where true`.
 */
export function isFiltered(items: readonly Item[], known: Queries = NO_QUERIES): boolean {
  const clauses = readClauses(items)
  const queries = new Map(known)
  for (const { name, items: inner } of clauses) if (name === 'with') addQueries(inner, queries)
  // A set operation does not return the rows of one table.
  if (clauses.some(({ name }) => name === 'next' || name === 'having')) return true
  if (clauses.some(({ name, items: inner }) => name === 'where' && namesColumn(inner))) return true
  const from = clauses.find(({ name }) => name === 'from')
  if (from !== undefined) return areFiltered(readRelations(from.items), queries)
  // Without a FROM the query reads no table, unless it is a query in parentheses.
  const [group] = clauses[0]?.items ?? []
  return isGroup(group) && isQuery(group) ? isSmall(group.items, queries) : true
}

function isSmall(items: readonly Item[], queries: Queries): boolean {
  return limitOf(readClauses(items)) !== undefined || isFiltered(items, queries)
}

function areFiltered(relations: readonly Relation[], queries: Queries): boolean {
  if (relations.some(({ join }) => join === 'narrowed')) return true
  return relations.every((relation) => relation.join === 'kept' || isSmallRelation(relation, queries))
}

function isSmallRelation({ kind, path, group }: Relation, queries: Queries): boolean {
  switch (kind) {
    // Its rows come from its arguments, not from a table.
    case 'function':
      return true
    case 'query':
      return group === undefined || isSmall(group.items, queries)
    case 'joined':
      return group !== undefined && areFiltered(readRelations(group.items), queries)
    case 'table':
      return path.length === 1 && queries.get(path[0]!.toLowerCase()) === true
  }
}

/** `a as (…), b (x, y) as materialized (…)` */
function addQueries(items: readonly Item[], queries: Map<string, boolean>): void {
  let name = ''
  for (const item of items) {
    if (isGroup(item)) {
      if (isQuery(item)) queries.set(name, isSmall(item.items, queries))
    } else if (item.name !== '' && !/^(?:as|not|materialized|recursive)$/.test(item.word)) {
      name = item.name.toLowerCase()
    }
  }
}

function namesColumn(items: readonly Item[]): boolean {
  return items.some((item) =>
    isGroup(item) ? namesColumn(item.items) : item.name !== '' && !item.isConstant,
  )
}
