import { reportFault } from './faults.js'
import { sharedState } from '../shared-state.js'

/** Subscribes if the time has come, and then removes itself. Runs on the query path: it has to be cheap. */
export type DormantListener = () => void

const dormant = sharedState('dormant-listeners/1', () => new Set<DormantListener>())

/**
 * For a listener with nothing to write to yet, such as an OpenTelemetry instrumentation without an SDK:
 * instead of a subscription, which makes every query an event, it is asked before each use of a connection.
 *
 * @returns what removes it
 */
export function addDormantListener(listener: DormantListener): () => void {
  dormant.add(listener)
  return () => void dormant.delete(listener)
}

/** Gives dormant listeners the chance to subscribe in time for the queries that follow. Never throws. */
export function wakeDormantListeners(): void {
  if (dormant.size === 0) return
  for (const listener of dormant) {
    try {
      listener()
    } catch (error) {
      dormant.delete(listener)
      reportFault('a dormant listener', error)
    }
  }
}
