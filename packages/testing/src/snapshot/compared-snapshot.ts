import type { CapturedQueries } from '../recording/captured-queries.js'
import { describeReport } from '../report/query-report.js'
import { snapshotLines } from './query-snapshot.js'

/** The part of a runner's result that tells what a snapshot was compared with. */
export interface ComparedSnapshot {
  readonly pass: boolean
  readonly message: () => string
  /** The snapshot as the runner keeps it; `undefined` if there is none. */
  readonly expected?: unknown
}

/** The runner's result, with the lines of code that sent the queries which the snapshot does not have. */
export function withNewQueries<Result extends ComparedSnapshot>(
  result: Result,
  queries: CapturedQueries,
): Result {
  const { pass, expected, message } = result
  if (pass || typeof expected !== 'string') return result
  const known = new Set(expected.split('\n').map((line) => line.trim()))
  const added = snapshotLines(queries).filter(({ text }) => !known.has(text))
  if (added.length === 0) return result
  const counted = added.flatMap((line) => line.queries)
  // An allowance does not change what a snapshot is compared with.
  const describe = (): string => describeReport('Not in the snapshot', queries, { counted, allowancesGo: '' })
  return { ...result, message: () => `${message()}\n\n${describe()}` }
}
