import type { FindingKind } from '../../messages/finding.js'
import type { TransactionExecution } from '../../messages/transaction-execution.js'
import { captureStack, framesOf, siteKeyOf } from '../../stack/captured-stack.js'
import { formatMillis } from '../report/finding-message.js'
import type { Detector, DetectorContext } from './detector.js'

/** The rule by which transactions are slow. */
export interface SlowTransactionRule {
  readonly kind: Extract<FindingKind, 'long_transaction' | 'idle_in_transaction'>
  /** The figure that the limit is for. */
  millisOf(transaction: TransactionExecution): number
  suggestionFor(millis: number): string
}

/** The slow transactions of one call site: the longest stands for all. */
interface SlowTransactions {
  count: number
  millis: number
}

const MAX_CALL_SITES = 100

/** Opens a finding for each call site whose transactions reach a limit. */
export function detectSlowTransactions(
  { limits, ledger }: DetectorContext,
  { kind, millisOf, suggestionFor }: SlowTransactionRule,
): Detector {
  const limit = limits[kind]?.durationMillis ?? Number.POSITIVE_INFINITY
  let byCallSite: Map<string, SlowTransactions> | undefined
  return {
    transactionEnds(transaction) {
      const millis = millisOf(transaction)
      if (millis < limit) return
      const frames = framesOf(captureStack())
      const key = siteKeyOf(frames)
      byCallSite ??= new Map()
      const known = byCallSite.get(key)
      if (known !== undefined) {
        known.count++
        known.millis = Math.max(known.millis, millis)
        return
      }
      if (byCallSite.size >= MAX_CALL_SITES) return
      const slow: SlowTransactions = { count: 1, millis }
      byCallSite.set(key, slow)
      ledger.open({
        kind,
        evidence: 'measured',
        database: transaction.database,
        execution: undefined,
        transaction,
        frames,
        refresh: (finding) => {
          finding.count = slow.count
          finding.durationMillis = slow.millis
          finding.suggestion = suggestionFor(slow.millis)
          return { timesLimit: slow.millis / limit }
        },
      })
    },
  }
}

/** `A transaction was open for 5.2 s`, `3 transactions were open, the longest for 5.2 s` */
export function slowHeadline(state: string, count: number, millis: number): string {
  const time = formatMillis(millis)
  return count > 1
    ? `${count} transactions were ${state}, the longest for ${time}`
    : `A transaction was ${state} for ${time}`
}
