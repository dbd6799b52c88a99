import { readRelations } from '../tree/relations.js'
import { isQuery, type Clause } from '../tree/statement-clauses.js'
import { isGroup, splitAtCommas, wordOf, type Group, type Item } from '../tree/statement-tree.js'
import type { WriteName } from './name-wording.js'

/** `distinct on (…) a, b`, `top(10) a, b` */
export function readQuantifier(items: readonly Item[]): {
  readonly quantifier: readonly Item[]
  readonly list: readonly Item[]
} {
  let end = 0
  if (wordOf(items[end]) === 'all') return { quantifier: [], list: items.slice(1) }
  if (wordOf(items[end]) === 'distinct') end++
  if (wordOf(items[end]) === 'on' && isGroup(items[end + 1])) end += 2
  if (wordOf(items[end]) === 'top') end += 2
  return { quantifier: items.slice(0, end), list: items.slice(end) }
}

/** The subqueries among items, outside other subqueries. */
export function queriesIn(items: readonly Item[]): readonly Group[] {
  return items.flatMap((item) => {
    if (!isGroup(item)) return []
    return isQuery(item) ? [item] : queriesIn(item.items)
  })
}

/** Writes the subqueries that a SELECT has shown as `subquery`, with a number where it has several. */
export function numberQueries(list: readonly Item[]): (group: Group) => string {
  const queries = queriesIn(list)
  const numbers = new Map(queries.map((group, index) => [group, index + 1]))
  return (group) => (queries.length === 1 ? 'subquery' : `subquery ${numbers.get(group)}`)
}

/** The expressions that the list of a SELECT gives a name to. */
export function aliasesOf(items: readonly Item[], nameOf: WriteName): ReadonlyMap<string, readonly Item[]> {
  const aliases = new Map<string, readonly Item[]>()
  for (const part of splitAtCommas(items)) {
    const name = part.at(-1)
    if (wordOf(part.at(-2)) !== 'as' || name === undefined || isGroup(name)) continue
    aliases.set(nameOf(name), part.slice(0, -2))
  }
  return aliases
}

/** The subquery of a SELECT that only selects from it, such as those of `jsonArrayFrom`. */
export function wrappedQuery(clauses: readonly Clause[]): Group | undefined {
  const [select, from, ...others] = clauses
  if (select?.name !== 'select' || from?.name !== 'from' || others.length > 0) return undefined
  const { quantifier, list } = readQuantifier(select.items)
  if (quantifier.length > 0 || queriesIn(list).length > 0) return undefined
  const [relation, ...joined] = readRelations(from.items)
  const isWhole = relation?.kind === 'query' && joined.length === 0 && relation.rest.length === 0
  return isWhole && !relation.isLateral ? relation.group : undefined
}
