/** Bits for the text between two parentheses. */
export const Level = {
  /** It contains a command, such as `SELECT`. */
  HAS_OPERATION: 1,
  /** Another source follows a comma. */
  LISTS_SOURCES: 2,
  /** Another table or object that the command works on follows a comma. */
  LISTS_OPERANDS: 4,
  /** It is the body of a CTE. */
  IS_CTE_BODY: 8,
  /** Tables follow `USING`. */
  HAS_USING: 16,
  /** It is the number of `TOP (10)`, and the target follows it. */
  PRECEDES_TARGET: 32,
} as const

/** The open parentheses around a place in a statement, with the bits of each. */
export class QueryLevels {
  readonly #bits: number[] = [0]

  /** Closes all parentheses. */
  reset(): void {
    if (this.#bits.length > 1) this.#bits.length = 1
    this.#bits[0] = 0
  }

  /** Number of levels. The statement itself is the first. */
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

  /** @returns the bits of the closed level; `undefined` if no parenthesis is open */
  close(): number | undefined {
    return this.isOutermost ? undefined : this.#bits.pop()
  }

  /** Whether the innermost level has any of these bits. */
  has(bits: number): boolean {
    return (this.#bits[this.#bits.length - 1]! & bits) !== 0
  }

  /** Removes some bits from the innermost level and adds others. */
  change(without: number, bits: number): void {
    const last = this.#bits.length - 1
    this.#bits[last] = (this.#bits[last]! & ~without) | bits
  }
}
