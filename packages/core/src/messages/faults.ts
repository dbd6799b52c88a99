import { channel, type Channel } from 'node:diagnostics_channel'

/** A fault of Querylens or of one of its subscribers, which the application must not notice. */
export interface Fault {
  /** Where it happened, such as `subscriber of tracing:querylens:query:start`. */
  readonly origin: string
  /** What was thrown; anything, not always an `Error`. */
  readonly error: unknown
  /** How many faults this report stands for: itself, and those kept quiet since the last report. */
  readonly count: number
}

/** Faults, at most one message a minute and origin; the exporter passes them to OpenTelemetry's `diag`. */
export const faultChannel: Channel = channel('querylens:fault')

const QUIET_MILLIS = 60_000
const MAX_ORIGINS = 100

interface Burst {
  reportedAtMillis: number
  unreported: number
}

const bursts = new Map<string, Burst>()
let total = 0

/**
 * Counts a fault and reports the first of each burst: what fails once on the query path usually fails for
 * every query. Never throws.
 */
export function reportFault(origin: string, error: unknown): void {
  total++
  const now = performance.now()
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

/** How many faults there were since the process began, reported or not. Zero is what it should say. */
export function faultCount(): number {
  return total
}
