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

/** Whether anything needs records of all queries. Open scopes need those of their own alone. */
export function areQueriesDemanded(): boolean {
  return channels.query.hasSubscribers || channels.scope.hasSubscribers || isDetecting() || hasCaptures()
}

/** Whether a scope that counts is open. */
export function isAnyScopeCounting(): boolean {
  return counting.open > 0
}

/**
 * Decides whether a scope that opens now counts its queries. If it does, they are recorded until {@link stopCounting}, so
 * that its figures are right whoever unsubscribes.
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
