import type { DatabaseInfo } from '../../messages/database-info.js'
import { captureStack, framesOf } from '../../stack/captured-stack.js'
import type { FindingLedger } from '../report/finding-ledger.js'

/** Opens a finding where a scope has waited for connections for long, all waits together. */
export class PoolWaits {
  readonly #limit: number
  readonly #ledger: FindingLedger
  #count = 0
  #millis = 0
  #isOpen = false

  constructor(limitMillis: number, ledger: FindingLedger) {
    this.#limit = limitMillis
    this.#ledger = ledger
  }

  /** A connection was handed out after a wait. */
  add(database: DatabaseInfo, waitMillis: number): void {
    this.#count++
    this.#millis += waitMillis
    if (this.#isOpen || this.#millis < this.#limit) return
    this.#isOpen = true
    this.#ledger.open({
      kind: 'pool_wait',
      evidence: 'measured',
      database,
      execution: undefined,
      frames: framesOf(captureStack()),
      refresh: (finding) => {
        finding.count = this.#count
        finding.durationMillis = this.#millis
        finding.suggestion =
          'hold connections for less long (shorter transactions, no other waiting inside them), ask for fewer at once, or raise the size of the pool'
        return { timesLimit: this.#millis / this.#limit }
      },
    })
  }
}
