import type { QueryExecution } from '../../../messages/query-execution.js'

/**
 * The name of a result's column, if it holds no literal for certain. Some databases name a column without an alias after
 * its expression: `select 'secret'` returns a column `secret` in MySQL.
 */
export function sourceColumnOf({ shape }: QueryExecution, column: string): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(column)) return undefined
  // The text of a shape holds no literals, so a name in it is none.
  if (new RegExp(`\\b${column}\\b`, 'i').test(shape.text)) return column
  const [selected = ''] = /^.*?\sfrom\s/is.exec(shape.text) ?? []
  const mayBeLiteral = selected.includes('?') && shape.dialect !== 'postgresql'
  return selected.includes('*') && !mayBeLiteral ? column : undefined
}
