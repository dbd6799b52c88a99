import type { Finding } from '@querylens/core'

import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import { describeQueries } from './query-list.js'

/** The part of a capture that a report is about. */
export interface ReportSubject {
  /** The queries that count. @default all */
  readonly counted?: readonly CapturedQuery[] | undefined
  /** The findings that matter. @default all */
  readonly findings?: readonly Finding[] | undefined
}

/** The message of a failed assertion: what was expected, the statements, the findings and what to do. */
export function describeReport(
  headline: string,
  queries: CapturedQueries,
  { counted = queries.queries }: ReportSubject,
): string {
  return `${headline}:\n${describeQueries(counted)}`
}
