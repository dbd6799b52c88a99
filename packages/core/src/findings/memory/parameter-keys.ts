import { MAX_SAMPLED, sampleOf, type ParameterSample } from './parameter-sample.js'
import { valueKeyOf } from './value-key.js'

/** An execution's parameters as they are held against those of others. */
export class ParameterKeys {
  /** Equal for equal parameters; `undefined` where nobody can say. */
  readonly key: number | undefined
  readonly #at: number
  #parameters: readonly unknown[]
  #sample: ParameterSample | undefined

  /** @param at how many statements of the scope had begun before it */
  constructor(parameters: readonly unknown[], at: number, key: number | undefined) {
    this.#parameters = parameters
    this.#at = at
    this.key = key
  }

  /** Made when somebody asks for it: a loop of many needs no more than a few. */
  get sample(): ParameterSample {
    return (this.#sample ??= sampleOf(this.#parameters, this.#at))
  }

  /** How many parameters can be compared. */
  get size(): number {
    return Math.min(this.#parameters.length, MAX_SAMPLED)
  }

  /** A parameter as it is compared with that of another execution; `undefined` where it is let go of. */
  keyAt(index: number): string | undefined {
    return this.#sample?.keys[index] ?? (index < this.size ? valueKeyOf(this.#parameters[index]) : undefined)
  }

  /** Lets go of the values. Who wants a sample after that has to have asked for it before. */
  release(): void {
    this.#parameters = []
  }
}
