import type { DurationLimit } from '../policy/limits.js'
import { severityByLimit } from '../report/severity.js'
import type { KindDefinition } from './kind.js'
import { detectSlowTransactions, slowHeadline, type SlowTransactionRule } from './slow-transactions.js'

declare module '../../messages/finding.js' {
  interface FindingKinds {
    /** A transaction is open for a long time while no statement runs in it. */
    readonly idle_in_transaction: DurationLimit
  }
}

declare module './kind.js' {
  interface KindOptions {
    /** Time in a transaction in which no statement runs. @default { durationMillis: 1_000 } */
    readonly idleInTransaction?: boolean | DurationLimit | undefined
  }
}

const RULE: SlowTransactionRule = {
  kind: 'idle_in_transaction',
  millisOf: ({ idleMillis = 0 }) => idleMillis,
  suggestionFor: () =>
    'wait for other services, files and computations before db.transaction() or after it, not inside',
}

export const idleInTransaction: KindDefinition<'idle_in_transaction'> = {
  kind: 'idle_in_transaction',
  option: 'idleInTransaction',
  label: 'idle in transaction',
  limit: { defaults: { durationMillis: 1_000 }, smallest: 1 },
  conditions: ['callSite', 'scope'],
  docs: {
    what: 'a transaction is open while no statement runs in it',
    opens: 'at 1 s without a statement',
    example: 'A transaction was idle for 1.4 s',
  },
  headline: ({ count, durationMillis }) => slowHeadline('idle', count, durationMillis),
  severity: severityByLimit,
  detect: (context) => detectSlowTransactions(context, RULE),
}
