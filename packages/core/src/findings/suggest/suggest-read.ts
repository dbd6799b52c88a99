import type { StatementOutline } from '../../sql/tree/statement-outline.js'
import type { ParameterUse } from '../../sql/tree/statement-traits.js'
import { nameOf } from './code-names.js'
import { suggestJoin } from './suggest-join.js'
import {
  conditionOf,
  listHintOf,
  keyColumnsOf,
  listName,
  otherConditionsOf,
  type KeyColumn,
} from './key-columns.js'
import type { LoopedStatement } from './looped-statement.js'

const IN_WORDS =
  'load them all with one query before the loop: use a join, or one condition that matches all of them'

/** Suggests one query in place of a loop that reads. */
export function suggestOneQuery(statement: LoopedStatement): string {
  const { execution, traits, varying } = statement
  const { outline, limited, offset } = traits
  const keys = keyColumnsOf(statement, varying)
  const writes = execution.shape.writtenTables.length > 0
  if (keys === undefined || outline === undefined || offset || writes) return IN_WORDS
  // An aggregate of each list is no aggregate of each element.
  if (statement.hasListEach && outline.aggregated) return IN_WORDS
  const join = suggestJoin(statement, keys, outline)
  // LIMIT in one query for all would limit the rows of all, not of each execution.
  if (limited || outline.windowed) {
    return join?.isPart === true ? `extend the source query: ${join.text}` : IN_WORDS
  }
  const { code, hasMore } = otherConditionsOf(statement)
  const list = `\`${grouped(statement, keys)}\``
  const kept = [
    ...(code !== '' || hasMore ? ['its other conditions'] : []),
    ...(outline.ordered ? ['its ORDER BY'] : []),
  ]
  const rest = kept.length === 0 ? '' : `, and keep ${kept.join(' and ')}`
  const picked = statement.hasListEach ? ', and pick the rows of each list from its result' : ''
  const hint = listHintOf(keys, execution.shape.dialect)
  const one = `load them all with one query before the loop: ${list}${originOf(statement, keys)}${rest}${picked}${hint}`
  return join === undefined ? one : `${one}; or ${join.isPart ? 'extend the source query: ' : ''}${join.text}`
}

/** The code of the condition, with the columns that assign each row to its key. */
function grouped({ execution, traits }: LoopedStatement, keys: readonly KeyColumn[]): string {
  const condition = conditionOf(keys, execution.shape.dialect)
  const references = keys.map(({ reference }) => reference)
  const list =
    references.length === 1 ? `'${references[0]}'` : `[${references.map((name) => `'${name}'`).join(', ')}]`
  const isSelected = keys.every(({ use }) => isSelectedBy(traits.outline?.selected ?? [], use))
  const select = isSelected ? '' : `.select(${list})`
  return traits.outline?.aggregated === true
    ? `${select}${condition}.groupBy(${list})`
    : `${select}${condition}`
}

function isSelectedBy(all: StatementOutline['selected'], { column, qualifier }: ParameterUse): boolean {
  return all.some((selected) => {
    if (selected === undefined) return false
    const isSame = qualifier === undefined || (selected.qualifier ?? qualifier) === qualifier
    return isSame && (selected.name === '*' || (selected.name === column && selected.column === column))
  })
}

/** Says which rows supply the values of the list. */
function originOf(
  { source, nameInCode, hasListEach, sourceHasLists }: LoopedStatement,
  keys: readonly KeyColumn[],
): string {
  const [key] = keys
  if (keys.length > 1)
    return ` (rows: ${source === undefined ? 'the rows that the loop runs over' : `each row of ${source.execution.shape.summary}`})`
  if (key === undefined) return ''
  const name = listName(key)
  if (source === undefined) return hasListEach ? ` (${name}: the elements of all lists)` : ''
  const { summary } = source.execution.shape
  const column = nameOf(source.column, nameInCode)
  if (sourceHasLists && column !== undefined) {
    return ` (${name}: all elements of the ${column} in the rows of ${summary})`
  }
  return column === undefined ? '' : ` (${name}: the ${column} of each row of ${summary})`
}
