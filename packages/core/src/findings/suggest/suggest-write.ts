import type { SqlDialect } from '../../sql/shape/query-shape.js'
import { nameOf, tableOf, type CodeTable } from './code-names.js'
import {
  conditionOf,
  keyColumnsOf,
  listHintOf,
  listName,
  otherConditionsOf,
  type KeyColumn,
} from './key-columns.js'
import type { LoopedStatement } from './looped-statement.js'

const MAX_COLUMNS = 5

/** Suggests one statement in place of a loop that writes. */
export function suggestOneWrite(statement: LoopedStatement): string {
  const { traits, varying } = statement
  if (varying.some((parameter) => traits.bulk.includes(parameter)) && traits.outline?.rows === 0) {
    return 'collect the rows of all executions, and send them with one execution: its parameter takes many'
  }
  switch (statement.execution.shape.kind) {
    case 'insert':
      return suggestInsert(statement)
    case 'delete':
      return (
        suggestDelete(statement) ?? 'delete all rows with one statement, whose condition matches all of them'
      )
    case 'update':
      return suggestUpdate(statement) ?? 'update all rows with one statement instead of one for each row'
    default:
      return 'write all rows with one statement instead of one for each row'
  }
}

function suggestInsert(statement: LoopedStatement): string {
  const { outline } = statement.traits
  if (outline === undefined || outline.rows === 0)
    return 'insert all rows with one statement instead of one for each row'
  const method =
    statement.execution.shape.operation?.toLowerCase() === 'replace' ? 'replaceInto' : 'insertInto'
  const table = targetOf(statement)
  const into = table === undefined ? '' : `.${method}('${table.listed}')`
  const conflicts = outline.resolvesConflicts
    ? ', keep the handling of conflicts, and pass each key once'
    : ''
  // An INSERT without rows is a syntax error. SQL Server takes 2,100 parameters, other systems from 32,766.
  const batch = statement.execution.shape.dialect === 'microsoft.sql_server' ? '2,000 values' : '1,000 rows'
  return `insert all rows at once: \`${into}.values([…])\` with one object for each row${conflicts}; skip it without rows, and pass at most ${batch} at once`
}

function suggestDelete(statement: LoopedStatement): string | undefined {
  const { traits, varying, execution } = statement
  const keys = keyColumnsOf(statement, varying)
  if (keys === undefined || traits.limited || traits.outline?.relations.length !== 1) return undefined
  const table = targetOf(statement)
  const from = table === undefined ? '' : `.deleteFrom('${table.listed}')`
  const { code, hasMore } = otherConditionsOf(statement)
  const condition = conditionOf(keys, execution.shape.dialect)
  return `delete all rows at once: \`${from}${condition}${code}\`${more(hasMore)}${originOf(statement, keys)}${listHintOf(keys, execution.shape.dialect)}`
}

function suggestUpdate(statement: LoopedStatement): string | undefined {
  const { traits, varying, execution } = statement
  const { outline, parameters, limited } = traits
  const isSet = (parameter: number): boolean => parameters[parameter]?.clause === 'set'
  const keys = keyColumnsOf(
    statement,
    varying.filter((parameter) => !isSet(parameter)),
  )
  if (keys === undefined || limited || outline?.relations.length !== 1) return undefined
  const table = targetOf(statement)
  if (varying.some(isSet)) return table === undefined ? undefined : suggestUpdateFrom(statement, keys, table)
  const { code, hasMore } = otherConditionsOf(statement)
  const condition = conditionOf(keys, execution.shape.dialect)
  const update = table === undefined ? '' : `.updateTable('${table.listed}')`
  return `update all rows at once: \`${update}.set(${sameValues(statement)})${condition}${code}\`${more(hasMore)}${originOf(statement, keys)}${listHintOf(keys, execution.shape.dialect)}`
}

/** The suggestion for an UPDATE that sets different values in each row. */
function suggestUpdateFrom(
  statement: LoopedStatement,
  keys: readonly KeyColumn[],
  { listed, qualifier }: CodeTable,
): string | undefined {
  const { traits, varying, nameInCode, execution } = statement
  const { dialect } = execution.shape
  const assigned = traits.outline?.assigned ?? []
  const changing = assigned.filter(({ parameter }) => parameter !== undefined && varying.includes(parameter))
  const changes = varying.filter((parameter) => traits.parameters[parameter]?.clause === 'set').length
  const columns = changing.map(({ column }) => nameOf(column, nameInCode))
  const rows = rowsOf(dialect, [
    ...keys.map(({ use }) => use.column),
    ...changing.map(({ column }) => column),
  ])
  // A changing value inside an expression is not the column's new value.
  const isClear = !columns.includes(undefined) && columns.length === changes
  if (!isClear || rows === undefined || qualifier === 'rows') return undefined
  const { code, hasMore } = otherConditionsOf(statement, ({ column }) => {
    const name = nameOf(column, nameInCode)
    return name === undefined ? undefined : `${qualifier}.${name}`
  })
  const update = `.updateTable('${listed}')`
  const pairs = keys.map(({ column }) => `Ref('${qualifier}.${column}', '=', 'rows.${column}')`)
  const set = columns.map((column) => `${column}: eb.ref('rows.${column}')`).join(', ')
  const from = `${update}.from(rows).set((eb) => ({ ${set} }))${pairs.map((pair) => `.where${pair}`).join('')}`
  // MySQL needs a join in place of FROM, and qualified columns in SET.
  const setEach = columns
    .map((column) => `.set('${qualifier}.${column}', (eb) => eb.ref('rows.${column}'))`)
    .join('')
  const join = `${update}.innerJoin(rows, (join) => join${pairs.map((pair) => `.on${pair}`).join('')})${setEach}`
  const others = changing.length < assigned.length ? ', and keep its other columns' : ''
  return `update all rows at once: \`${isMysql(dialect) ? join : from}${code}\` (rows: ${rows})${more(hasMore)}${others}`
}

/** Describes how a dialect makes a table of values; `undefined` for an unknown system. */
function rowsOf(dialect: SqlDialect, columns: readonly (string | undefined)[]): string | undefined {
  const names = columns.join(', ')
  if (isMysql(dialect)) return `json_table(…) with the columns ${names}`
  switch (dialect) {
    case 'postgresql':
      return `json_to_recordset(…) as rows(${names}) with their types`
    case 'sqlite':
      return `a query of json_each(…) with the columns ${names}`
    case 'microsoft.sql_server':
      return `(values …) as rows(${names})`
    default:
      return undefined
  }
}

function isMysql(dialect: SqlDialect): boolean {
  return dialect === 'mysql' || dialect === 'mariadb'
}

/** The code of the values that all rows get. */
function sameValues({ traits, nameInCode }: LoopedStatement): string {
  const assigned = traits.outline?.assigned ?? []
  const names = assigned.map(({ column, parameter }) => {
    return parameter === undefined ? undefined : nameOf(column, nameInCode)
  })
  const isShort = names.length > 0 && names.length <= MAX_COLUMNS && !names.includes(undefined)
  return isShort ? `{ ${names.map((name) => `${name}: …`).join(', ')} }` : '…'
}

function targetOf({ traits, execution, nameInCode }: LoopedStatement): CodeTable | undefined {
  return tableOf(traits.outline?.relations[0], execution.shape.tables, nameInCode)
}

function more(hasMore: boolean): string {
  return hasMore ? ' and its other conditions' : ''
}

function originOf({ source, nameInCode }: LoopedStatement, keys: readonly KeyColumn[]): string {
  const [key] = keys
  const column = nameOf(source?.column, nameInCode)
  if (source === undefined || key === undefined || keys.length > 1 || column === undefined) return ''
  return ` (${listName(key)}: the ${column} of each row of ${source.execution.shape.summary})`
}
