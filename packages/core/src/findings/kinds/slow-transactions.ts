import type { TransactionExecution } from '../../messages/transaction-execution.js'
import { captureStack, framesOf, siteKeyOf } from '../../stack/captured-stack.js'
import type { FindingLedger } from '../report/finding-ledger.js'
import { formatMillis } from '../report/finding-message.js'
import type { ResolvedFindingOptions } from '../policy/finding-options.js'

type SlowKind = 'long_transaction' | 'idle_in_transaction'

/** The slow transactions of one place. */
interface SlowPlace {
  count: number
  /** Of the longest. */
  millis: number
}

const MAX_PLACES = 100

/** Opens a finding for each place whose transactions are open for long, or open for long with nothing running in them. */
export class SlowTransactions {
  readonly #options: ResolvedFindingOptions
  readonly #ledger: FindingLedger
  readonly #places = new Map<string, SlowPlace>()

  constructor(options: ResolvedFindingOptions, ledger: FindingLedger) {
    this.#options = options
    this.#ledger = ledger
  }

  /** Judges a transaction that is over; its message is complete. */
  judge(transaction: TransactionExecution): void {
    const { longTransactionMillis, idleInTransactionMillis } = this.#options
    const { durationMillis = 0, idleMillis = 0 } = transaction
    this.#judge(transaction, 'long_transaction', durationMillis, longTransactionMillis)
    this.#judge(transaction, 'idle_in_transaction', idleMillis, idleInTransactionMillis)
  }

  #judge(transaction: TransactionExecution, kind: SlowKind, millis: number, limit: number): void {
    if (millis < limit) return
    const frames = framesOf(captureStack())
    const key = `${kind} ${siteKeyOf(frames)}`
    const known = this.#places.get(key)
    if (known !== undefined) {
      known.count++
      known.millis = Math.max(known.millis, millis)
      return
    }
    if (this.#places.size >= MAX_PLACES) return
    const place: SlowPlace = { count: 1, millis }
    this.#places.set(key, place)
    this.#ledger.open({
      kind,
      evidence: 'measured',
      database: transaction.database,
      execution: undefined,
      transaction,
      frames,
      refresh: (finding) => {
        finding.count = place.count
        finding.durationMillis = place.millis
        finding.suggestion =
          kind === 'long_transaction'
            ? `do less in it, or in smaller ones: it held its locks and its connection for ${formatMillis(place.millis)}`
            : 'wait for other services, files and computations before db.transaction() or after it, not inside'
        return { timesLimit: place.millis / limit }
      },
    })
  }
}
