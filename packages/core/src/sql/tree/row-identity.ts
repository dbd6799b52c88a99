import { readOperand } from './operand.js'
import type { ParameterUse } from './parameter-uses.js'
import { readClauses, type Clause } from './statement-clauses.js'
import { isGroup, splitAtCommas, wordOf, type Item } from './statement-tree.js'

const EQUALITY = /^(?:=|in|any)$/
/** A bound, such as the current time, selects whatever rows are beyond it. */
const RANGE = /^(?:[<>]=?|between|<>|!=)$/
/** Names of keys. A key that a statement compares and assigns moves rows from one key to another. */
const KEY = /(?:id|uuid|guid|key|code|number|slug|ref)$/i

/**
 * Finds the parameters that decide which rows a statement writes. The others are data, or the state that a row has to be
 * in: `update jobs set progress = $1, version = version + 1 where id = $2 and version = $3` writes one row for each
 * value of `$2`.
 *
 * @returns their indexes in the list of parameters, from 0; `undefined` if all parameters may decide it
 */
export function readRowIdentity(
  items: readonly Item[],
  parameters: readonly (ParameterUse | undefined)[],
): readonly number[] | undefined {
  // The database chooses the rows of a queue: those that no one has locked.
  if (skipsLocked(items)) return []
  const clauses = readClauses(items)
  const has = (name: Clause['name']): boolean => clauses.some((clause) => clause.name === name)
  const assigned = namesAssigned(clauses)
  if (has('insert')) return has('conflict') ? identityOfUpsert(clauses, parameters, assigned) : undefined
  if (!has('update') && !has('delete') && assigned.size === 0) return undefined
  return identityOfConditions(parameters, assigned)
}

function identityOfConditions(
  parameters: readonly (ParameterUse | undefined)[],
  assigned: ReadonlySet<string>,
): readonly number[] {
  const indexes = [...parameters.keys()].filter((index) => {
    const { clause, operator = '' } = parameters[index] ?? {}
    if (clause === 'condition') return !RANGE.test(operator)
    return clause !== 'set' && clause !== 'limit' && clause !== 'offset'
  })
  const isState = (index: number): boolean => {
    const column = parameters[index]?.column
    return column !== undefined && assigned.has(column.toLowerCase()) && !KEY.test(column)
  }
  const isKey = (index: number): boolean => {
    const use = parameters[index]
    return use?.required === true && !use.negated && EQUALITY.test(use.operator ?? '') && !isState(index)
  }
  if (!indexes.some(isKey)) return indexes
  return indexes.filter((index) => {
    const use = parameters[index]
    const isCompared = use?.clause === 'condition' && use.required
    return !isCompared || isKey(index)
  })
}

/** The columns of ON CONFLICT identify a row; without them, the columns that the statement does not assign do. */
function identityOfUpsert(
  clauses: readonly Clause[],
  parameters: readonly (ParameterUse | undefined)[],
  assigned: ReadonlySet<string>,
): readonly number[] | undefined {
  const target = clauses.find(({ name }) => name === 'conflict')?.items[1]
  const keys = new Set<string>()
  if (isGroup(target)) addNames(target.items, keys)
  const indexes = [...parameters.keys()].filter((index) => {
    const { clause, column = '' } = parameters[index] ?? {}
    if (clause !== 'values') return false
    return keys.size > 0 ? keys.has(column.toLowerCase()) : !assigned.has(column.toLowerCase())
  })
  return indexes.length > 0 ? indexes : undefined
}

function namesAssigned(clauses: readonly Clause[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { name, items } of clauses) {
    if (name !== 'set') continue
    for (const part of splitAtCommas(items)) {
      const { column, group } = readOperand(part, 0)
      if (column !== undefined) names.add(column.toLowerCase())
      else if (group !== undefined) addNames(group.items, names)
    }
  }
  return names
}

function addNames(items: readonly Item[], names: Set<string>): void {
  for (const item of items) {
    if (isGroup(item)) addNames(item.items, names)
    else if (item.name !== '') names.add(item.name.toLowerCase())
  }
}

/** `for update skip locked`, and T-SQL's `with (readpast)` */
function skipsLocked(items: readonly Item[]): boolean {
  return items.some((item, index) => {
    if (isGroup(item)) return skipsLocked(item.items)
    return item.word === 'readpast' || (item.word === 'skip' && wordOf(items[index + 1]) === 'locked')
  })
}
