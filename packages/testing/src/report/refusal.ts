import type { Finding } from '@querylens/core'
import { headlineOf, isRecord } from '@querylens/core/internal'

import { describeReport, type ReportedCapture } from './query-report.js'

/**
 * The message of a capture in which Querylens refused a query: why, the queries so far, and the error of the function itself,
 * which the refusal may hide or may have caused.
 *
 * @param refusal the error with which Querylens rejected the call
 * @param failure the error with which the function failed, if it did
 */
export function describeRefusal(
  refusal: unknown,
  capture: ReportedCapture,
  failure: { readonly error: unknown } | undefined,
): string {
  const finding = findingOf(refusal)
  const report =
    finding === undefined
      ? describeReport(messageOf(refusal).replace(/\.$/, ''), capture, { allowancesGo: '' })
      : describeReport(`Refused a query, because detect.mode is 'throw': ${headlineOf(finding)}`, capture)
  const isOther = failure !== undefined && failure.error !== refusal
  return isOther ? `${report}\nThe function failed as well: ${describeError(failure.error)}` : report
}

/** Of any copy of the class. */
function findingOf(error: unknown): Finding | undefined {
  return isRecord(error) && error['code'] === 'QUERYLENS_FINDING' ? (error['finding'] as Finding) : undefined
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : messageOf(error)
}

function messageOf(error: unknown): string {
  return isRecord(error) && typeof error['message'] === 'string' ? error['message'] : String(error)
}
