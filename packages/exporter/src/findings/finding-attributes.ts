import { basename } from 'node:path/posix'

import type { Attributes } from '@opentelemetry/api'
import type { CallSite, Finding, FindingSeverity } from '@querylens/core'
import { describeLines, describePlace } from '@querylens/core/internal'

import {
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
} from '../attributes.js'
import { toSeconds } from '../seconds.js'

/** Whether a finding is a loop over rows, which reads or writes. */
export function isLoop({ kind }: Finding): boolean {
  return kind === 'n_plus_one' || kind === 'n_plus_one_write'
}

const RANKS: Readonly<Record<FindingSeverity, number>> = { low: 0, medium: 1, high: 2 }

/** Compares by severity, then by count. */
export function isWorse(finding: Finding, than: Finding): boolean {
  const difference = RANKS[finding.severity] - RANKS[than.severity]
  return difference > 0 || (difference === 0 && finding.count > than.count)
}

/** The attributes of a span for its worst loop. */
export function loopAttributes(finding: Finding): Attributes {
  const { count, distinctCount, durationMillis, overlappingMillis, source, suggestion } = finding
  const attributes: Attributes = {
    [ATTR_QUERYLENS_N_PLUS_ONE_DETECTED]: true,
    [ATTR_QUERYLENS_N_PLUS_ONE_COUNT]: count,
    [ATTR_QUERYLENS_N_PLUS_ONE_DISTINCT]: distinctCount,
    [ATTR_QUERYLENS_N_PLUS_ONE_DURATION]: toSeconds(durationMillis - overlappingMillis),
    [ATTR_QUERYLENS_N_PLUS_ONE_SUGGESTION]: suggestion,
  }
  const lines = describeLines(finding)
  if (lines !== '') attributes[ATTR_QUERYLENS_N_PLUS_ONE_CALL_SITE] = lines
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

/** The attributes of a finding's event, the same on a span and in a log. */
export function eventAttributes(finding: Finding): Attributes {
  const { kind, severity, evidence, source, suggestion, count } = finding
  const lines = describeLines(finding)
  const attributes: Attributes = {
    [ATTR_QUERYLENS_FINDING_KIND]: kind,
    [ATTR_QUERYLENS_FINDING_SEVERITY]: severity,
    [ATTR_QUERYLENS_FINDING_EVIDENCE]: evidence,
    [ATTR_QUERYLENS_FINDING_BRIEF]: briefOf(finding),
    [ATTR_QUERYLENS_FINDING_SUGGESTION]: suggestion,
    [ATTR_QUERYLENS_FINDING_COUNT]: count,
  }
  if (lines !== '') attributes[ATTR_QUERYLENS_FINDING_CALL_SITE] = lines
  if (source !== undefined) attributes[ATTR_QUERYLENS_FINDING_SOURCE] = source.execution.shape.summary
  return attributes
}

/**
 * The kind, the count, the lines and the cure, in this order: a narrow column cuts the end. The label of a finding that is
 * written before its scope ends has `so far`.
 */
function briefOf(finding: Finding): string {
  const { count, summary, suggestion, message, closed } = finding
  const label = `${finding.label}${closed ? '' : ' so far'}`
  const place = describePlace(finding, lineOf)
  if (isLoop(finding)) return `${label}: ${count}x ${summary}${place}; ${suggestion}`
  return `${label}: ${message.replace(describePlace(finding), () => place)}`
}

/** Without folders and function: `posts.ts:42` */
function lineOf({ file, line }: CallSite): string {
  return `${basename(file)}:${line}`
}
