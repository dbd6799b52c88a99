/** A span of time by the monotonic clock, in milliseconds. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/** Intervals that it keeps; it counts the time of the older ones only. */
const MAX_INTERVALS = 64

/** The times in which at least one of several operations lasted, which are reported as they end. */
export class Intervals {
  /** Disjoint, in order. */
  readonly #all: Interval[] = []
  /** The time of intervals that it no longer keeps. */
  #earlierMillis = 0

  /** @param to not before the end of any interval so far */
  add({ from, to }: Interval): void {
    let start = from
    for (let last = this.#all.at(-1); last !== undefined && last.to >= start; last = this.#all.at(-1)) {
      start = Math.min(start, last.from)
      this.#all.pop()
    }
    this.#all.push({ from: start, to })
    if (this.#all.length <= MAX_INTERVALS) return
    const [earliest] = this.#all.splice(0, 1)
    this.#earlierMillis += earliest!.to - earliest!.from
  }

  /** The time in which at least one operation of several groups lasted, in milliseconds. */
  static millisOf(groups: readonly Intervals[]): number {
    let millis = 0
    let end = Number.NEGATIVE_INFINITY
    for (const group of groups) millis += group.#earlierMillis
    for (const { from, to } of groups.flatMap((group) => group.#all).toSorted((a, b) => a.from - b.from)) {
      millis += Math.max(0, to - Math.max(from, end))
      end = Math.max(end, to)
    }
    return millis
  }
}
