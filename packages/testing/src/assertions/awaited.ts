import type { Finding } from '@querylens/core'

import type { CapturedQueries } from '../recording/captured-queries.js'
import { describeReport } from '../report/query-report.js'
import { countQueries } from '../report/words.js'
import type { Verdict } from './verdict.js'

/**
 * Fails an assertion whose capture has queries that the code under test did not await. It fails a negated one as well: further
 * queries may follow.
 *
 * @param question what the assertion wants to know: `whether the code sends 2 queries`
 * @param findings those to show. @default all
 * @returns `undefined` where the code has awaited every query that is known by now
 */
export function unawaitedVerdict(
  question: string,
  queries: CapturedQueries,
  findings?: readonly Finding[],
): Verdict | undefined {
  const { length } = queries.late
  if (length === 0) return undefined
  return {
    pass: false,
    failsNegated: true,
    message: () => describeUnawaited(question, queries, findings),
    actual: `${countQueries(length)} that the code did not await`,
    expected: 'code that awaits its queries',
  }
}

/** The message of {@link unawaitedVerdict}, with the lines of the queries. */
export function describeUnawaited(
  question: string,
  queries: CapturedQueries,
  findings?: readonly Finding[],
): string {
  const headline = `Cannot tell ${question}, because the code did not await all of its queries`
  return describeReport(headline, queries, { findings })
}
