/** Beyond this difference the wall clock has been set, or the machine has slept. */
const MAX_DRIFT_MILLIS = 50
const CHECK_EVERY_MILLIS = 1_000

let epochOffset = performance.timeOrigin
let checkedAt = Number.NEGATIVE_INFINITY

/**
 * A reading of the monotonic clock (`performance.now()`) as milliseconds since the epoch, with fractions.
 *
 * `Date.now()` has whole milliseconds only, which would stack ten queries of a loop onto one start time;
 * `performance.timeOrigin` alone drifts away when the wall clock is adjusted.
 */
export function toEpochMillis(monotonicMillis: number): number {
  if (monotonicMillis - checkedAt > CHECK_EVERY_MILLIS) {
    checkedAt = monotonicMillis
    const wall = Date.now()
    if (Math.abs(wall - (epochOffset + monotonicMillis)) > MAX_DRIFT_MILLIS)
      epochOffset = wall - monotonicMillis
  }
  return epochOffset + monotonicMillis
}
