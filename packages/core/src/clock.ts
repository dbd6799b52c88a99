/**
 * Beyond this difference the wall clock has been set, or runs at another pace, or the machine has slept. As small as
 * whole milliseconds allow: the spans around ours begin by the wall clock, and a child is not to begin before its parent.
 */
const MAX_DRIFT_MILLIS = 2
const CHECK_EVERY_MILLIS = 10

let epochOffset = performance.timeOrigin
let checkedAt = Number.NEGATIVE_INFINITY

/**
 * A reading of the monotonic clock (`performance.now()`) as milliseconds since the epoch, with fractions.
 *
 * `Date.now()` has whole milliseconds only, which would stack ten queries of a loop onto one start time;
 * `performance.timeOrigin` alone drifts away when the wall clock is adjusted, by some ten milliseconds an hour where
 * it is only slewed.
 */
export function toEpochMillis(monotonicMillis: number): number {
  if (monotonicMillis - checkedAt > CHECK_EVERY_MILLIS) {
    checkedAt = performance.now()
    const wall = Date.now()
    if (Math.abs(wall - (epochOffset + checkedAt)) > MAX_DRIFT_MILLIS) epochOffset = wall - checkedAt
  }
  return epochOffset + monotonicMillis
}
