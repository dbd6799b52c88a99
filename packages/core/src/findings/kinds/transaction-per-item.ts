import { clock } from '../../clock.js'
import type { TransactionExecution } from '../../messages/transaction-execution.js'
import {
  captureStack,
  framesOf,
  siteKeyOf,
  stackKeyOf,
  type CapturedStack,
} from '../../stack/captured-stack.js'
import { isClaim } from '../memory/claims.js'
import type { TrackedQuery } from '../memory/tracked-query.js'
import type { CountLimit } from '../policy/limits.js'
import { formatMillis } from '../report/finding-message.js'
import { severityByCount } from '../report/severity.js'
import type { Detector, DetectorContext } from './detector.js'
import type { KindDefinition } from './kind.js'

declare module '../../messages/finding.js' {
  interface FindingKinds {
    /** One call site runs many transactions in a row that write few rows each. */
    readonly transaction_per_item: CountLimit
  }
}

declare module './kind.js' {
  interface KindOptions {
    /** Transactions of one call site, each of which writes at most one row per statement. @default { atLeast: 10 } */
    readonly transactionPerItem?: boolean | CountLimit | undefined
  }
}

export const transactionPerItem: KindDefinition<'transaction_per_item'> = {
  kind: 'transaction_per_item',
  option: 'transactionPerItem',
  label: 'transaction per item',
  limit: { defaults: { atLeast: 10 }, smallest: 2 },
  conditions: ['callSite', 'scope'],
  docs: {
    what: 'one call site commits a transaction for each item of a loop, rather than one for all or for a batch',
    opens: 'at 10 transactions, each within 100 ms of the one before',
    example: '40 transactions, one after another, 310 ms in total',
  },
  headline: ({ count, durationMillis, overlappingMillis }) => {
    const order = overlappingMillis > 0 ? 'at once' : 'one after another'
    return `${count} transactions, ${order}, ${formatMillis(durationMillis)} in total`
  },
  severity: severityByCount,
  detect: (context) => new TransactionPerItemDetector(context),
}

const MAX_CALL_SITES = 100
const MAX_STATEMENTS = 100
/** Between transactions that are further apart the application does other work, which takes longer than a commit. */
const MAX_PAUSE_MILLIS = 100

/** What a transaction has done so far. */
interface Work {
  /** The fingerprint of its first statement. */
  readonly statement: string
  rows: number
  /** A worker that claims one job after another commits each for itself on purpose. */
  isClaim: boolean
}

/** The transactions of one call site. */
interface Transactions {
  count: number
  totalMillis: number
  busyMillis: number
  /** By the monotonic clock. */
  lastEnd: number
  isOpen: boolean
}

class TransactionPerItemDetector implements Detector {
  readonly #context: DetectorContext
  readonly #limit: number
  readonly #work = new WeakMap<TransactionExecution, Work>()
  /**
   * By the first statement: the first transaction, until a second one shows its call site. The stack of the first one is
   * not captured, because most transactions of a scope differ.
   */
  readonly #firsts = new Map<string, Transactions | undefined>()
  readonly #byCallSite = new Map<string, Transactions>()
  /** The same by whole stacks, which are cheaper to compare: a loop has the same one each time. */
  readonly #byStack = new Map<number, Transactions>()

  constructor(context: DetectorContext) {
    this.#context = context
    this.#limit = context.limits.transaction_per_item?.atLeast ?? Number.POSITIVE_INFINITY
  }

  queryEnds({ execution: { transaction, affectedRows = 0, shape } }: TrackedQuery): void {
    if (transaction === undefined) return
    const work = this.#work.get(transaction)
    if (work === undefined) {
      const { fingerprint } = shape
      this.#work.set(transaction, { statement: fingerprint, rows: affectedRows, isClaim: isClaim(shape) })
    } else {
      work.rows += affectedRows
      work.isClaim ||= isClaim(shape)
    }
  }

  transactionEnds(transaction: TransactionExecution): void {
    const work = this.#work.get(transaction)
    const { outcome, queryCount, durationMillis = 0 } = transaction
    // A transaction that was rolled back may be tried again.
    if (outcome !== 'committed' || work === undefined || work.isClaim) return
    // More rows than statements are a batch.
    if (work.rows === 0 || work.rows > queryCount) return
    const now = clock.now()
    const { statement } = work
    if (!this.#firsts.has(statement)) {
      if (this.#firsts.size < MAX_STATEMENTS) this.#firsts.set(statement, afterOne(durationMillis, now))
      return
    }
    const stack = captureStack()
    const transactions = this.#transactionsAt(stack, statement)
    if (transactions === undefined) return
    const isFollowing = now - durationMillis - transactions.lastEnd <= MAX_PAUSE_MILLIS
    if (!isFollowing && !transactions.isOpen) {
      transactions.count = transactions.totalMillis = transactions.busyMillis = 0
    }
    transactions.count++
    transactions.totalMillis += durationMillis
    transactions.busyMillis += Math.min(durationMillis, Math.max(0, now - transactions.lastEnd))
    transactions.lastEnd = now
    if (transactions.isOpen || transactions.count < this.#limit) return
    transactions.isOpen = true
    this.#open(transaction, stack, transactions)
  }

  #transactionsAt(stack: CapturedStack | undefined, statement: string): Transactions | undefined {
    const stackKey = stackKeyOf(stack)
    let transactions = this.#byStack.get(stackKey)
    if (transactions !== undefined) return transactions
    const key = siteKeyOf(framesOf(stack))
    // Without a frame of the application it may be several call sites.
    if (key === '') return undefined
    transactions = this.#byCallSite.get(key)
    if (transactions === undefined) {
      if (this.#byCallSite.size >= MAX_CALL_SITES) return undefined
      transactions = this.#firsts.get(statement) ?? { ...afterOne(0, -Infinity), count: 0 }
      this.#firsts.set(statement, undefined)
      this.#byCallSite.set(key, transactions)
    }
    if (this.#byStack.size < MAX_CALL_SITES) this.#byStack.set(stackKey, transactions)
    return transactions
  }

  #open(
    transaction: TransactionExecution,
    stack: CapturedStack | undefined,
    transactions: Transactions,
  ): void {
    this.#context.ledger.open({
      kind: 'transaction_per_item',
      evidence: 'repeated',
      database: transaction.database,
      execution: undefined,
      transaction,
      frames: framesOf(stack),
      refresh: (finding) => {
        finding.count = finding.distinctCount = transactions.count
        finding.avoidableCount = transactions.count - 1
        finding.durationMillis = transactions.totalMillis
        finding.overlappingMillis = Math.max(0, transactions.totalMillis - transactions.busyMillis)
        finding.suggestion =
          'write all items, or some hundred of them, in one transaction: each commit waits for the disk. Use a savepoint where one item may fail'
        return {}
      },
    })
  }
}

/** The figures after one transaction. */
function afterOne(durationMillis: number, now: number): Transactions {
  return {
    count: 1,
    totalMillis: durationMillis,
    busyMillis: durationMillis,
    lastEnd: now,
    isOpen: false,
  }
}
