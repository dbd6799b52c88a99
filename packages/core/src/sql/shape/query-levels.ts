/** What is known of the text between two parentheses, as bits. */
export const Level = {
  HAS_OPERATION: 1,
  /** A comma is followed by a further source. */
  LISTS_SOURCES: 2,
  /** A comma is followed by whatever the statement's command works on. */
  LISTS_OPERANDS: 4,
  IS_CTE_BODY: 8,
  /** `USING` names tables. */
  HAS_USING: 16,
  /** `TOP (10)`: the target is still to come. */
  PRECEDES_TARGET: 32,
} as const

/** The parentheses that are open around a place in a statement, and what is known of each. */
export class QueryLevels {
  readonly #bits: number[] = [0]

  /** Outside of all parentheses. */
  reset(): void {
    if (this.#bits.length > 1) this.#bits.length = 1
    this.#bits[0] = 0
  }

  /** How many there are, the statement itself included. */
  get depth(): number {
    return this.#bits.length
  }

  /** Whether no parenthesis is open. */
  get isOutermost(): boolean {
    return this.#bits.length === 1
  }

  open(bits: number): void {
    this.#bits.push(bits)
  }

  /** @returns the bits of what is closed; `undefined` where nothing is open */
  close(): number | undefined {
    return this.isOutermost ? undefined : this.#bits.pop()
  }

  /** Whether the innermost one has any of these bits. */
  has(bits: number): boolean {
    return (this.#bits[this.#bits.length - 1]! & bits) !== 0
  }

  /** Takes some bits from the innermost one, and gives it others. */
  change(without: number, bits: number): void {
    const last = this.#bits.length - 1
    this.#bits[last] = (this.#bits[last]! & ~without) | bits
  }
}
