import type { QueryExecution } from '../../messages/query-execution.js'
import type { StatementTraits } from '../../sql/tree/statement-traits.js'
import type { Finding, FindingSource } from '../../messages/finding.js'

export { suggestOneQuery } from './suggest-read.js'
export { suggestOneWrite } from './suggest-write.js'

/** How not to ask twice. */
export function suggestOnce({ count, distinctCount, avoidableCount }: Finding): string {
  const each = distinctCount > 1 ? 'each of them once' : 'it once'
  return `load ${each} in this scope and pass it on, or keep it in a loader or cache for the scope: ${avoidableCount} of ${count} calls would be saved`
}
