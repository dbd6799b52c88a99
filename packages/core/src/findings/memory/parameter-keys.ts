import { MAX_SAMPLED, sampleOf, type ParameterSample } from './parameter-sample.js'
import { valueKeyOf } from './value-key.js'

/** The keys by which Querylens compares the parameters of one execution with those of other executions. */
export class ParameterKeys {
  /** The key of all parameters together: equal for equal parameters; `undefined` if Querylens cannot compare them. */
  readonly whole: number | undefined
  readonly #at: number
  #parameters: readonly unknown[]
  #sample: ParameterSample | undefined

  /** @param at number of statements of the scope that had begun before this one */
  constructor(parameters: readonly unknown[], at: number, whole: number | undefined) {
    this.#parameters = parameters
    this.#at = at
    this.whole = whole
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

  /** Releases the values. Take a sample that is needed later before the release. */
  release(): void {
    this.#parameters = []
  }
}
