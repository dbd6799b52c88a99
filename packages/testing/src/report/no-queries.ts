import type { CapturedQueries } from '../recording/captured-queries.js'
import { describeDatabase } from './database-text.js'

/** Says that a capture saw no query, and why that may be. */
export function describeNoQueries(expectation: string, { outside }: CapturedQueries): string {
  const elsewhere = outside.map(
    ({ database, count, scopeName, summary }) =>
      `  ${count}x to ${describeDatabase(database)}, first ${summary} in ${scopeName ?? 'no scope'}`,
  )
  return [`${expectation}, got none.`, ...elsewhere].join('\n')
}
