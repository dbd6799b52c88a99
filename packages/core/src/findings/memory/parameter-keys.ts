import { MAX_SAMPLED, sampleOf, type ParameterSample } from './parameter-sample.js'
import { valueKeyOf } from './value-key.js'

/** Keys for the parameters of one execution, by which they are compared with those of other executions. */
export class ParameterKeys {
  /** Equal for equal parameters; `undefined` where Querylens cannot compare them. */
  readonly whole: number | undefined
  readonly #at: number
  #parameters: readonly unknown[]
  #sample: ParameterSample | undefined

  /** @param at how many statements of the scope had begun before this one */
  constructor(parameters: readonly unknown[], at: number, whole: number | undefined) {
    this.#parameters = parameters
    this.#at = at
    this.whole = whole
  }

  /** Made on demand: a long loop needs only a few. */
  get sample(): ParameterSample {
    return (this.#sample ??= sampleOf(this.#parameters, this.#at))
  }

  /** How many parameters can be compared one by one. */
  get size(): number {
    return Math.min(this.#parameters.length, MAX_SAMPLED)
  }

  /** The key of one parameter; `undefined` once it is released. */
  keyAt(index: number): string | undefined {
    return this.#sample?.keys[index] ?? (index < this.size ? valueKeyOf(this.#parameters[index]) : undefined)
  }

  /** Releases the values. A sample that is needed later has to be made before. */
  release(): void {
    this.#parameters = []
  }
}
