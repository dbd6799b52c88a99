import { areFindingsDemanded } from '../findings/detectors-by-scope.js'
import { channels } from '../messages/channels.js'
import { wakeDormantListeners } from '../messages/dormant-listeners.js'
import type { ScopeKind } from '../messages/scope.js'
import { stateOfAllRealms } from '../process-state.js'
import { hasCaptures, hasOpenCaptures } from './capture.js'

const counting = stateOfAllRealms('countingScopes', () => ({ open: 0 }))

/** Whether anything needs findings: a subscriber, a capture, or a mode that warns or throws. */
export function isDetecting(): boolean {
  return (
    channels.finding.hasSubscribers ||
    channels.findingOpened.hasSubscribers ||
    areFindingsDemanded() ||
    hasOpenCaptures()
  )
}

/** Whether anything needs records of queries; if not, adapters forward queries at once. */
export function isRecordingQueries(): boolean {
  return counting.open > 0 || areQueriesDemanded()
}

/** Open scopes are left out: requests that overlap would each keep recording on for the next one. */
function areQueriesDemanded(): boolean {
  return channels.query.hasSubscribers || channels.scope.hasSubscribers || isDetecting() || hasCaptures()
}

/**
 * Decides whether a scope that opens now counts its queries. If it does, queries are recorded until {@link stopCounting},
 * so that its figures are right whoever unsubscribes.
 */
export function startCounting(kind: ScopeKind): boolean {
  // For a request: its first query would wake them too late.
  if (kind === 'http') wakeDormantListeners()
  const counts = kind === 'custom' || areQueriesDemanded()
  if (counts) counting.open++
  return counts
}

/** The scope that counted has ended. */
export function stopCounting(): void {
  counting.open--
}
