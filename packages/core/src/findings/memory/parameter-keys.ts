import { NO_LITERALS, type Literals } from '../../sql/tree/literals.js'
import { sampleOf, withLiterals, type ParameterSample } from './parameter-sample.js'
import { parametersKeyOf, valueKeyOf } from './value-key.js'

/**
 * The keys by which Querylens compares the parameters of one execution with those of other executions. Literals in the
 * text count as parameters behind the others.
 */
export class ParameterKeys {
  /** The key of all parameters together: equal for equal parameters; `undefined` if Querylens cannot compare them. */
  readonly whole: number | undefined
  /** The same for what is visible of the parameters: different only for parameters that may differ. */
  readonly visible: number | undefined
  readonly #at: number
  #parameters: readonly unknown[]
  #literals: Literals
  #compared: readonly unknown[] | undefined
  #sample: ParameterSample | undefined
  /** The keys of all parameters and of the literals whose values are known. */
  #kept: readonly string[] | undefined

  /** @param at number of statements of the scope that had begun before this one */
  constructor(parameters: readonly unknown[], at: number, literals: Literals) {
    this.#parameters = parameters
    this.#literals = literals
    this.#at = at
    const { whole, visible } = parametersKeyOf(parameters, literals.key)
    this.whole = whole
    this.visible = visible
  }

  /** Taken on demand: a long loop needs only a few samples. */
  get sample(): ParameterSample {
    return (this.#sample ??= sampleOf(this.#parameters, this.#at, this.#literals))
  }

  /** Number of parameters that can be compared one by one. */
  get size(): number {
    return this.#all.length
  }

  /** The key of one parameter; `undefined` after a release, unless a sample was taken before. */
  keyAt(index: number): string | undefined {
    return this.#sample?.keys[index] ?? (index < this.size ? valueKeyOf(this.#all[index]) : undefined)
  }

  /** The key of some parameters together, by their indexes; `undefined` if Querylens cannot compare them. */
  keyOf(indexes: readonly number[]): number | undefined {
    const kept = this.#kept
    const values = kept === undefined ? this.#values() : []
    const keys = indexes.map((index) => kept?.[index] ?? valueKeyOf(values[index]))
    return parametersKeyOf(keys, 0).visible
  }

  /** Keeps the keys of all parameters. {@link keyOf} needs them after a release. */
  keep(): void {
    this.#kept ??= this.#values().map(valueKeyOf)
  }

  #values(): readonly unknown[] {
    const { values } = this.#literals
    return values.length === 0 ? this.#parameters : [...this.#parameters, ...values]
  }

  /** Releases the values. Take a sample that is needed later before the release. */
  release(): void {
    this.#parameters = this.#compared = []
    this.#literals = NO_LITERALS
  }

  get #all(): readonly unknown[] {
    return (this.#compared ??= withLiterals(this.#parameters, this.#literals))
  }
}
