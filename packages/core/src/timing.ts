/** Sums durations, and measures the time in which at least one operation ran. */
export class Timing {
  /** The sum of all durations, in milliseconds. */
  totalMillis: number = 0
  /** The time in which at least one operation ran, in milliseconds. */
  busyMillis: number = 0
  #active = 0
  #since = 0

  /** @param now by the monotonic clock, in milliseconds */
  start(now: number): void {
    if (this.#active++ === 0) this.#since = now
  }

  /** Ends one of the started operations, in any order. */
  end(now: number, durationMillis: number): void {
    this.totalMillis += durationMillis
    if (--this.#active === 0) this.busyMillis += now - this.#since
  }

  /** Adds an operation that has ended before it was added. */
  add(durationMillis: number): void {
    this.totalMillis += durationMillis
    this.busyMillis += durationMillis
  }

  /** The part of the sum in which another operation ran as well, in milliseconds. */
  get overlappingMillis(): number {
    return Math.max(0, this.totalMillis - this.busyMillis)
  }
}
