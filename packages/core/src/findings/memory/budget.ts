/** How many more things of a kind a scope may remember. */
export class Budget {
  #left: number

  constructor(left: number) {
    this.#left = left
  }

  get isSpent(): boolean {
    return this.#left <= 0
  }

  /** @returns whether there was room for one more */
  take(): boolean {
    if (this.#left <= 0) return false
    this.#left--
    return true
  }
}
