import { channel, type Channel } from 'node:diagnostics_channel'

import { clock } from '../clock.js'
import { stateOfAllRealms } from '../process-state.js'

/** An error inside Querylens or one of its subscribers, which the application must not notice. */
export interface Fault {
  /** The code that failed, such as `subscriber of tracing:querylens:query:start`. */
  readonly origin: string
  /** The thrown value, which is not always an `Error`. */
  readonly error: unknown
  /** How many faults this report stands for: itself, and those since the last report of this origin. */
  readonly count: number
}

/** At most one message a minute for each origin; the exporter passes them to OpenTelemetry's `diag`. */
export const faultChannel: Channel = channel('querylens:fault')

const QUIET_MILLIS = 60_000
const MAX_ORIGINS = 100

interface Burst {
  reportedAtMillis: number
  unreported: number
}

const state = stateOfAllRealms('faults', () => ({ count: 0, bursts: new Map<string, Burst>() }))

/**
 * Counts a fault and reports the first of each burst: what fails once on the query path usually fails for
 * every query. Never throws.
 */
export function reportFault(origin: string, error: unknown): void {
  const { bursts } = state
  state.count++
  const now = clock.now()
  let burst = bursts.get(origin)
  if (burst === undefined) {
    if (bursts.size >= MAX_ORIGINS) return
    burst = { reportedAtMillis: Number.NEGATIVE_INFINITY, unreported: 0 }
    bursts.set(origin, burst)
  }
  burst.unreported++
  if (now - burst.reportedAtMillis < QUIET_MILLIS) return
  const fault: Fault = { origin, error, count: burst.unreported }
  burst.reportedAtMillis = now
  burst.unreported = 0
  faultChannel.publish(fault)
}

/** Number of faults since the process started, reported or not; should be 0. */
export function faultCount(): number {
  return state.count
}
