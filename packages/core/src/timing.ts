/** Sums durations, and the time in which at least one of them ran. */
export class Timing {
  /** The sum of all durations, in milliseconds. */
  totalMillis: number = 0
  /** In milliseconds; of what ran side by side only once. */
  busyMillis: number = 0
  #active = 0
  #since = 0

  /** @param now of the monotonic clock */
  start(now: number): void {
    if (this.#active++ === 0) this.#since = now
  }

  /** Ends what was started, in any order. */
  end(now: number, durationMillis: number): void {
    this.totalMillis += durationMillis
    if (--this.#active === 0) this.busyMillis += now - this.#since
  }

  /** Adds what is over already. */
  add(durationMillis: number): void {
    this.totalMillis += durationMillis
    this.busyMillis += durationMillis
  }

  /** The part of the sum in which another one ran, too. */
  get overlappingMillis(): number {
    return Math.max(0, this.totalMillis - this.busyMillis)
  }
}
