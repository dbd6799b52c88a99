import type { QueryExecution } from '../../../messages/query-execution.js'

/**
 * The name of a result's column, if it is sure to be one. Some systems call a column without an alias by its
 * expression, and `select 'secret'` is a column `secret` in MySQL.
 */
export function sourceColumnOf({ shape, database }: QueryExecution, column: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(column)) return undefined
  // Literals are left out of the text: a name that stands in it is none.
  if (new RegExp(`\\b${column}\\b`, 'i').test(shape.text)) return column
  const [selected = ''] = /^.*?\sfrom\s/is.exec(shape.text) ?? []
  const mayBeLiteral = selected.includes('?') && database.system !== 'postgresql'
  return selected.includes('*') && !mayBeLiteral ? column : undefined
}
