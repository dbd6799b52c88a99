import { processState } from './process-state.js'

/**
 * A larger difference means that the wall clock was set or slewed, or that the machine slept. The limit is as small as
 * the whole milliseconds of `Date.now()` allow: parent spans start by the wall clock, and a child must not start before
 * its parent.
 */
const MAX_DRIFT_MILLIS = 2

/** Shared by all copies of this package, because their spans are in one trace. */
const clock = processState('clock', () => ({ epochOffset: performance.timeOrigin }))

/**
 * Converts a reading of the monotonic clock (`performance.now()`) to milliseconds since the epoch, with fractions.
 *
 * `Date.now()` has whole milliseconds only: ten queries of a loop would get one start time. `performance.timeOrigin` drifts
 * away from the wall clock when that is adjusted: slewing alone makes some ten milliseconds an hour.
 */
export function toEpochMillis(monotonicMillis: number): number {
  if (hasDrifted(Date.now(), monotonicMillis)) {
    // The caller may have taken its reading earlier. Read both clocks together to tell drift from age.
    const now = performance.now()
    const wall = Date.now()
    if (hasDrifted(wall, now)) clock.epochOffset = wall - now
  }
  return clock.epochOffset + monotonicMillis
}

function hasDrifted(wall: number, monotonicMillis: number): boolean {
  return Math.abs(wall - (clock.epochOffset + monotonicMillis)) > MAX_DRIFT_MILLIS
}
