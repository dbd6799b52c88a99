import type { StatementOutline } from '../../sql/tree/statement-outline.js'
import type { ParameterUse } from '../../sql/tree/statement-traits.js'
import { nameOf } from './code-names.js'
import { suggestJoin } from './suggest-join.js'
import { conditionOf, keyColumnsOf, listName, otherConditionsOf, type KeyColumn } from './key-columns.js'
import type { LoopedStatement } from './looped-statement.js'

const IN_WORDS =
  'load all of them with one query before the loop: with a join, or with one condition that holds for all of them'

/** How to read all at once what a loop reads one by one. */
export function suggestOneQuery(statement: LoopedStatement): string {
  const { execution, traits, varying } = statement
  const { outline, limited, offset } = traits
  const keys = keyColumnsOf(statement, varying)
  const writes = execution.shape.writtenTables.length > 0
  if (keys === undefined || outline === undefined || offset || writes) return IN_WORDS
  const join = suggestJoin(statement, keys, outline)
  // The first rows of each are not the first rows of all.
  if (limited || outline.windowed) {
    return join?.isPart === true ? `load them with the rows that the loop runs over: ${join.text}` : IN_WORDS
  }
  const { code, hasMore } = otherConditionsOf(statement)
  const list = `\`${grouped(statement, keys)}\``
  const kept = [
    ...(code !== '' || hasMore ? ['its other conditions'] : []),
    ...(outline.ordered ? ['its order'] : []),
  ]
  const rest = kept.length === 0 ? '' : `, and keep ${kept.join(' and ')}`
  const one = `load them all with one query before the loop: ${list}${originOf(statement, keys)}${rest}`
  return join === undefined ? one : `${one}; or ${join.isPart ? 'with it: ' : ''}${join.text}`
}

/** The condition, and what it takes to tell whose rows they are. */
function grouped({ execution, traits }: LoopedStatement, keys: readonly KeyColumn[]): string {
  const condition = conditionOf(keys, execution.database.system)
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

/** Where the values of the list come from. */
function originOf({ source, nameInCode }: LoopedStatement, keys: readonly KeyColumn[]): string {
  const [key] = keys
  if (keys.length > 1)
    return ` (rows: ${source === undefined ? 'what the loop runs over' : `each row of ${source.execution.shape.summary}`})`
  if (key === undefined || source === undefined) return ''
  const { summary } = source.execution.shape
  const column = nameOf(source.column, nameInCode)
  return column === undefined ? '' : ` (${listName(key)}: the ${column} of each row of ${summary})`
}
