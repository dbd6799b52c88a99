import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import type { Budget } from './budgets.js'

/** How often each shape ran. A shape is a wording, which stays the same when another column is selected. */
export function countShapes({ queries }: CapturedQueries): Budget {
  const counts = new Map<string, number>()
  for (const { wording } of queries) counts.set(wording, (counts.get(wording) ?? 0) + 1)
  return counts
}

/** Whether a shape has the operation and the first table of a query, so that the query may be a new version of its statement. */
export function isShapeLike(shape: string, { summary }: CapturedQuery): boolean {
  const [operation = '', table = ''] = summary.toLowerCase().split(' ')
  return `${shape} `.startsWith(`${operation} ${table} `)
}
