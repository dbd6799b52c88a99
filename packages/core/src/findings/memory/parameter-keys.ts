import { MAX_SAMPLED, sampleOf, type ParameterSample } from './parameter-sample.js'
import { parametersKeyOf, valueKeyOf } from './value-key.js'

/** The keys by which Querylens compares the parameters of one execution with those of other executions. */
export class ParameterKeys {
  /** The key of all parameters together: equal for equal parameters; `undefined` if Querylens cannot compare them. */
  readonly whole: number | undefined
  readonly #at: number
  readonly #literals: number | undefined
  #parameters: readonly unknown[]
  #sample: ParameterSample | undefined
  /** The keys of all parameters, for a comparison after a release. */
  #kept: readonly string[] | undefined

  /**
   * @param at number of statements of the scope that had begun before this one
   * @param literals the hash of the literals in the text; `undefined` if Querylens could not read them
   */
  constructor(parameters: readonly unknown[], at: number, literals: number | undefined) {
    this.#parameters = parameters
    this.#at = at
    this.#literals = literals
    this.whole = parametersKeyOf(parameters, literals)
  }

  /** Taken on demand: a long loop needs only a few samples. */
  get sample(): ParameterSample {
    return (this.#sample ??= sampleOf(this.#parameters, this.#at))
  }

  /** Number of parameters that can be compared one by one. */
  get size(): number {
    return Math.min(this.#parameters.length, MAX_SAMPLED)
  }

  /** The key of one parameter; `undefined` after a release, unless a sample was taken before. */
  keyAt(index: number): string | undefined {
    return this.#sample?.keys[index] ?? (index < this.size ? valueKeyOf(this.#parameters[index]) : undefined)
  }

  /** The key of some parameters together, by their indexes; `undefined` if Querylens cannot compare them. */
  keyOf(indexes: readonly number[]): number | undefined {
    const keys = this.#kept
    return parametersKeyOf(
      indexes.map((index) => keys?.[index] ?? valueKeyOf(this.#parameters[index])),
      this.#literals,
    )
  }

  /** Keeps the keys of all parameters. {@link keyOf} needs them after a release. */
  keep(): void {
    this.#kept ??= this.#parameters.map(valueKeyOf)
  }

  /** Releases the values. Take a sample that is needed later before the release. */
  release(): void {
    this.#parameters = []
  }
}
