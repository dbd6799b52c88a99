import { countLoans } from './books.ts'
import type { LibraryDatabase } from './database.ts'

/** A worker that runs in the same process and takes its jobs from a queue. */
export class ReminderWorker {
  readonly #queue: (() => void)[] = []
  #wake: () => void = () => {}
  readonly #done: Promise<void>
  #isStopped = false

  constructor(db: LibraryDatabase) {
    this.#done = this.#run(db)
  }

  /** Resolves once the worker has done the job. */
  remind(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#queue.push(resolve)
    this.#wake()
    return promise
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#wake()
    await this.#done
  }

  async #run(db: LibraryDatabase): Promise<void> {
    while (!this.#isStopped) {
      const done = this.#queue.shift()
      if (done === undefined) await new Promise<void>((resolve) => (this.#wake = resolve))
      else {
        await countLoans(db)
        done()
      }
    }
  }
}
