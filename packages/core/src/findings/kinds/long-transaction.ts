import type { DurationLimit } from '../policy/limits.js'
import { formatMillis } from '../report/finding-message.js'
import { severityByLimit } from '../report/severity.js'
import type { KindDefinition } from './kind.js'
import { detectSlowTransactions, slowHeadline, type SlowTransactionRule } from './slow-transactions.js'

declare module '../../messages/finding.js' {
  interface FindingKinds {
    /** A transaction is open for a long time. */
    readonly long_transaction: DurationLimit
  }
}

declare module './kind.js' {
  interface KindOptions {
    /** Transactions that are open for a long time. @default { durationMillis: 5_000 } */
    readonly longTransaction?: boolean | DurationLimit | undefined
  }
}

const RULE: SlowTransactionRule = {
  kind: 'long_transaction',
  millisOf: ({ durationMillis = 0 }) => durationMillis,
  suggestionFor: (millis) =>
    `split it or move work out of it: it held its locks and its connection for ${formatMillis(millis)}`,
}

export const longTransaction: KindDefinition<'long_transaction'> = {
  kind: 'long_transaction',
  option: 'longTransaction',
  label: 'long transaction',
  limit: { defaults: { durationMillis: 5_000 }, smallest: 1 },
  conditions: ['callSite', 'scope'],
  docs: {
    what: 'a transaction is open for a long time',
    opens: 'at 5 s',
    example: 'A transaction was open for 7.4 s',
  },
  headline: ({ count, durationMillis }) => slowHeadline('open', count, durationMillis),
  severity: severityByLimit,
  detect: (context) => detectSlowTransactions(context, RULE),
}
