import { basename } from 'node:path/posix'

import type { Attributes } from '@opentelemetry/api'
import type { CallSite, Finding, FindingKind, FindingSeverity } from '@querylens/core'
import { describeCallSite } from '@querylens/core/recorder'

import {
  ATTR_CODE_FILE_PATH,
  ATTR_CODE_FUNCTION_NAME,
  ATTR_CODE_LINE_NUMBER,
  ATTR_QUERYLENS_FINDING_BRIEF,
  ATTR_QUERYLENS_FINDING_CALL_SITE,
  ATTR_QUERYLENS_FINDING_COUNT,
  ATTR_QUERYLENS_FINDING_EVIDENCE,
  ATTR_QUERYLENS_FINDING_KIND,
  ATTR_QUERYLENS_FINDING_SEVERITY,
  ATTR_QUERYLENS_FINDING_SOURCE,
  ATTR_QUERYLENS_FINDING_SUGGESTION,
  ATTR_QUERYLENS_N_PLUS_ONE_CALL_SITE,
  ATTR_QUERYLENS_N_PLUS_ONE_COUNT,
  ATTR_QUERYLENS_N_PLUS_ONE_DETECTED,
  ATTR_QUERYLENS_N_PLUS_ONE_DISTINCT,
  ATTR_QUERYLENS_N_PLUS_ONE_DURATION,
  ATTR_QUERYLENS_N_PLUS_ONE_SOURCE_COLUMN,
  ATTR_QUERYLENS_N_PLUS_ONE_SOURCE_SPAN_ID,
  ATTR_QUERYLENS_N_PLUS_ONE_SOURCE_SUMMARY,
  ATTR_QUERYLENS_N_PLUS_ONE_SUGGESTION,
} from './attributes.js'
import { toSeconds } from './seconds.js'

/** Whether a finding is a loop over rows: one that reads, or one that writes. */
export function isLoop({ kind }: Finding): boolean {
  return kind === 'n_plus_one' || kind === 'n_plus_one_write'
}

const RANKS: Readonly<Record<FindingSeverity, number>> = { low: 0, medium: 1, high: 2 }

/** By severity, then by count. */
export function isWorse(finding: Finding, than: Finding): boolean {
  const difference = RANKS[finding.severity] - RANKS[than.severity]
  return difference > 0 || (difference === 0 && finding.count > than.count)
}

/** What a span says of the worst loop in it. */
export function loopAttributes({
  count,
  distinctCount,
  durationMillis,
  overlappingMillis,
  source,
  suggestion,
  callSite,
}: Finding): Attributes {
  const attributes: Attributes = {
    [ATTR_QUERYLENS_N_PLUS_ONE_DETECTED]: true,
    [ATTR_QUERYLENS_N_PLUS_ONE_COUNT]: count,
    [ATTR_QUERYLENS_N_PLUS_ONE_DISTINCT]: distinctCount,
    [ATTR_QUERYLENS_N_PLUS_ONE_DURATION]: toSeconds(durationMillis - overlappingMillis),
    [ATTR_QUERYLENS_N_PLUS_ONE_SUGGESTION]: suggestion,
  }
  if (callSite !== undefined) attributes[ATTR_QUERYLENS_N_PLUS_ONE_CALL_SITE] = describeCallSite(callSite)
  if (source !== undefined) {
    const { shape, spanContext } = source.execution
    attributes[ATTR_QUERYLENS_N_PLUS_ONE_SOURCE_SUMMARY] = shape.summary
    if (source.column !== undefined) {
      attributes[ATTR_QUERYLENS_N_PLUS_ONE_SOURCE_COLUMN] = source.column
    }
    if (spanContext !== undefined) attributes[ATTR_QUERYLENS_N_PLUS_ONE_SOURCE_SPAN_ID] = spanContext.spanId
  }
  return attributes
}

/** What the event of a finding says, on a span as in a log. */
export function eventAttributes(finding: Finding): Attributes {
  const { kind, severity, evidence, callSite, source, suggestion, count } = finding
  const attributes: Attributes = {
    [ATTR_QUERYLENS_FINDING_KIND]: kind,
    [ATTR_QUERYLENS_FINDING_SEVERITY]: severity,
    [ATTR_QUERYLENS_FINDING_EVIDENCE]: evidence,
    [ATTR_QUERYLENS_FINDING_BRIEF]: briefOf(finding),
    [ATTR_QUERYLENS_FINDING_SUGGESTION]: suggestion,
    [ATTR_QUERYLENS_FINDING_COUNT]: count,
  }
  if (callSite !== undefined) attributes[ATTR_QUERYLENS_FINDING_CALL_SITE] = describeCallSite(callSite)
  if (source !== undefined) attributes[ATTR_QUERYLENS_FINDING_SOURCE] = source.execution.shape.summary
  return attributes
}

const LABELS: Readonly<Record<FindingKind, string>> = {
  n_plus_one: 'N+1',
  n_plus_one_write: 'N+1 of writes',
  duplicate_query: 'duplicate query',
  chatty_scope: 'chatty',
  large_result: 'large result',
  long_transaction: 'long transaction',
  idle_in_transaction: 'idle in transaction',
  pool_wait: 'waiting for connections',
}

/**
 * What it is, how often, on which line and what to do, in the order in which a narrow column should cut it. A span that
 * ends before the scope of the finding does has the figures so far, and says so.
 */
function briefOf(finding: Finding): string {
  const { kind, count, summary, callSite, suggestion, message, closed } = finding
  const label = `${LABELS[kind]}${closed ? '' : ' so far'}`
  const line = callSite === undefined ? '' : `${basename(callSite.file)}:${callSite.line}`
  if (isLoop(finding)) {
    return `${label}: ${count}x ${summary}${line === '' ? '' : ` at ${line}`}; ${suggestion}`
  }
  const withoutFolders =
    callSite === undefined ? message : message.replace(describeCallSite(callSite), () => line)
  return `${label}: ${withoutFolders}`
}

/**
 * Where a query was sent, by the conventions; for its own span alone.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/code/
 */
export function codeAttributes({ file, line, function: name }: CallSite): Attributes {
  const attributes: Attributes = { [ATTR_CODE_FILE_PATH]: file, [ATTR_CODE_LINE_NUMBER]: line }
  if (name !== undefined) attributes[ATTR_CODE_FUNCTION_NAME] = name
  return attributes
}
