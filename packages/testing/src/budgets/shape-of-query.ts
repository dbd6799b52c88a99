import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import type { Budget } from './budgets.js'

/** What a budget counts as one statement: the wording, which stays the same when another column is selected. */
export function shapeOfQuery({ wording }: CapturedQuery): string {
  return wording
}

/** How often each shape ran. */
export function countShapes({ queries }: CapturedQueries): Budget {
  const counts = new Map<string, number>()
  for (const query of queries) {
    const shape = shapeOfQuery(query)
    counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  return counts
}

/** Whether a shape has the operation and the first table of a query, so that the query may be a new version of its statement. */
export function isShapeLike(shape: string, { summary }: CapturedQuery): boolean {
  const [operation = '', table = ''] = summary.toLowerCase().split(' ')
  return `${shape} `.startsWith(`${operation} ${table} `)
}
