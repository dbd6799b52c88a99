import type { Finding, FindingSeverity } from '../../messages/finding.js'

/**
 * How bad it is: `high` for fifty executions, or half of the scope's time if that can be felt, `medium` for ten or a
 * fifth; for what is measured, by how far it is beyond its limit.
 */
export function severityOf(
  { count, share = 0, durationMillis, kind }: Finding,
  timesLimit: number,
): FindingSeverity {
  if (kind === 'n_plus_one' || kind === 'n_plus_one_write' || kind === 'duplicate_query') {
    const canBeFelt = durationMillis >= 20
    if (count >= 50 || (share >= 0.5 && canBeFelt && count >= 5)) return 'high'
    return count >= 10 || (share >= 0.2 && canBeFelt) ? 'medium' : 'low'
  }
  if (timesLimit >= 5) return 'high'
  return timesLimit >= 2 ? 'medium' : 'low'
}
