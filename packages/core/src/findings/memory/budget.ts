/** Counts down how many more items of one sort a scope may remember. */
export class Budget {
  #left: number

  constructor(left: number) {
    this.#left = left
  }

  get isSpent(): boolean {
    return this.#left <= 0
  }

  /** @returns whether the budget had one left */
  take(): boolean {
    if (this.#left <= 0) return false
    this.#left--
    return true
  }
}
