import type { DatabaseInfo } from '../../messages/database-info.js'
import type { Finding } from '../../messages/finding.js'
import type { TransactionExecution } from '../../messages/transaction-execution.js'
import { captureStack, framesOf, siteKeyOf, type Frame } from '../../stack/captured-stack.js'
import { surroundingTransaction } from '../memory/surrounding-transaction.js'
import type { CountLimit } from '../policy/limits.js'
import type { EntryPoint } from '../report/finding-error.js'
import { severityByLimit } from '../report/severity.js'
import type { Detector, DetectorContext } from './detector.js'
import type { KindDefinition } from './kind.js'

declare module '../../messages/finding.js' {
  interface FindingKinds {
    /** The callback of a transaction asks the pool for a second connection. */
    readonly second_connection: CountLimit
  }
}

declare module './kind.js' {
  interface KindOptions {
    /** Queries on the database inside the callback of one of its transactions. @default { atLeast: 1 } */
    readonly secondConnection?: boolean | CountLimit | undefined
  }
}

export const secondConnection: KindDefinition<'second_connection'> = {
  kind: 'second_connection',
  option: 'secondConnection',
  label: 'second connection',
  limit: { defaults: { atLeast: 1 }, smallest: 1 },
  conditions: ['callSite', 'scope'],
  docs: {
    what: 'the callback of a transaction queries `db`: outside the transaction, on a second connection',
    opens: 'at the first query',
    example: 'A query inside a transaction asked for a second connection',
  },
  headline: ({ count }) =>
    count > 1
      ? `${count} queries inside a transaction asked for a second connection`
      : 'A query inside a transaction asked for a second connection',
  severity: severityByLimit,
  detect: (context) => new SecondConnectionDetector(context),
}

const MAX_CALL_SITES = 100

/** The requests of one call site. */
interface Requests {
  count: number
  isOpen: boolean
  finding: Finding | undefined
}

class SecondConnectionDetector implements Detector {
  readonly #context: DetectorContext
  readonly #limit: number
  readonly #byCallSite = new Map<string, Requests>()

  constructor(context: DetectorContext) {
    this.#context = context
    this.#limit = context.limits.second_connection?.atLeast ?? Number.POSITIVE_INFINITY
  }

  connectionRequested(database: DatabaseInfo, entryPoint: EntryPoint): void {
    const transaction = surroundingTransaction(database)
    if (transaction === undefined) return
    const frames = framesOf(captureStack(entryPoint))
    const key = siteKeyOf(frames)
    let requests = this.#byCallSite.get(key)
    if (requests === undefined) {
      if (this.#byCallSite.size >= MAX_CALL_SITES) return
      this.#byCallSite.set(key, (requests = { count: 0, isOpen: false, finding: undefined }))
    }
    requests.count++
    if (requests.count < this.#limit) return
    if (!requests.isOpen) {
      requests.isOpen = true
      requests.finding = this.#open(transaction, frames, requests)
    }
    this.#context.ledger.refuse(requests.finding, entryPoint)
  }

  #open(
    transaction: TransactionExecution,
    frames: readonly Frame[],
    requests: Requests,
  ): Finding | undefined {
    return this.#context.ledger.open({
      kind: 'second_connection',
      evidence: 'measured',
      database: transaction.database,
      execution: undefined,
      transaction,
      frames,
      refresh: (finding) => {
        finding.count = requests.count
        finding.suggestion =
          'use the transaction that the callback gets, not db: a query on db does not see the changes of the transaction, and it waits without end once such transactions hold all connections of the pool'
        return { timesLimit: requests.count / this.#limit }
      },
    })
  }
}
