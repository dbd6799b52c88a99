import { processState } from './process-state.js'

/**
 * Beyond this difference the wall clock has been set, or runs at another pace, or the machine has slept. As small as
 * whole milliseconds allow: the spans around ours begin by the wall clock, and a child is not to begin before its parent.
 */
const MAX_DRIFT_MILLIS = 2

/** Of the process: spans of two copies of this package are in one trace. */
const clock = processState('clock', () => ({ epochOffset: performance.timeOrigin }))

/**
 * A reading of the monotonic clock (`performance.now()`) as milliseconds since the epoch, with fractions.
 *
 * `Date.now()` has whole milliseconds only, which would stack ten queries of a loop onto one start time;
 * `performance.timeOrigin` alone drifts away when the wall clock is adjusted, by some ten milliseconds an hour where
 * it is only slewed.
 */
export function toEpochMillis(monotonicMillis: number): number {
  if (hasDrifted(Date.now(), monotonicMillis)) {
    // Unless the reading is only older than this moment. Both clocks anew, side by side: between them lies nothing.
    const now = performance.now()
    const wall = Date.now()
    if (hasDrifted(wall, now)) clock.epochOffset = wall - now
  }
  return clock.epochOffset + monotonicMillis
}

function hasDrifted(wall: number, monotonicMillis: number): boolean {
  return Math.abs(wall - (clock.epochOffset + monotonicMillis)) > MAX_DRIFT_MILLIS
}
