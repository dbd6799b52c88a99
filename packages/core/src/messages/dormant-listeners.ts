import { processState } from '../process-state.js'
import { reportFault } from './faults.js'

/** Subscribes once it has something to write to, and then removes itself. It runs on the query path: keep it cheap. */
export type DormantListener = () => void

const dormant = processState('dormantListeners', () => new Set<DormantListener>())

/**
 * For a listener with nothing to write to yet, such as an OpenTelemetry instrumentation without an SDK. A subscription
 * would make every query an event; instead, Querylens calls the listener before each use of a connection.
 *
 * @returns a function that removes the listener
 */
export function addDormantListener(listener: DormantListener): () => void {
  dormant.add(listener)
  return () => void dormant.delete(listener)
}

/** Lets dormant listeners subscribe in time for the queries that follow. Never throws. */
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
