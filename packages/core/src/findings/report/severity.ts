import type { Finding, FindingSeverity } from '../../messages/finding.js'

/** Shorter than this, a loop's share of its scope says nothing. */
const NOTICEABLE_MILLIS = 20

/**
 * The severity of repeated executions: `high` for fifty, or for half of the scope's time from five executions on, `medium`
 * for ten or a fifth of the time. The share counts from 20 ms on.
 */
export function severityByCount({ count, share = 0, durationMillis }: Finding): FindingSeverity {
  const isNoticeable = durationMillis >= NOTICEABLE_MILLIS
  if (count >= 50 || (share >= 0.5 && isNoticeable && count >= 5)) return 'high'
  return count >= 10 || (share >= 0.2 && isNoticeable) ? 'medium' : 'low'
}

/** The severity of a measured figure: `high` from five times its limit on, `medium` from twice its limit on. */
export function severityByLimit(_: Finding, timesLimit: number): FindingSeverity {
  if (timesLimit >= 5) return 'high'
  return timesLimit >= 2 ? 'medium' : 'low'
}
