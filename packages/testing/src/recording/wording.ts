import type { QueryExecution } from '@querylens/core'
import { wordingOf } from '@querylens/core/internal'

/** The wording of the statements with one fingerprint, which is read when it is wanted. Until then it keeps one text. */
export class Wording {
  readonly #shape: QueryExecution['shape']
  #sql: string
  #text: string | undefined

  constructor(shape: QueryExecution['shape'], sql: string) {
    this.#shape = shape
    this.#sql = sql
  }

  get text(): string {
    if (this.#text === undefined) {
      this.#text = wordingOf(this.#shape, this.#sql)
      this.#sql = ''
    }
    return this.#text
  }
}
