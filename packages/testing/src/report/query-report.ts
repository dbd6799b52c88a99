import type { Finding } from '@querylens/core'
import { describeLines, formatMillis, headlineOf } from '@querylens/core/internal'

import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import { noteShown } from '../recording/judged-findings.js'
import { describeCures } from './cures.js'
import { describeLate } from './late-queries.js'
import { listWords, oneLine } from './words.js'
import { layOut } from './row-layout.js'
import { describeLine, shapeRowsOf, type ShapeRow } from './shape-rows.js'

/** The part of a capture that a report is about. */
export interface ReportSubject {
  /** The queries that count. @default all */
  readonly counted?: readonly CapturedQuery[] | undefined
  /** The findings to show, with their cures. @default those of the queries that count */
  readonly findings?: readonly Finding[] | undefined
  /** Sentences that explain the headline, each of them a line. @default none */
  readonly hints?: readonly string[] | undefined
  /** Where an allowance is to be written, as a sentence; `''` where an allowance does not help. */
  readonly allowancesGo?: string | undefined
}

/** What a report reads of a capture. */
export type ReportedCapture = Pick<CapturedQueries, 'queries' | 'findings' | 'late' | 'name'>

/** The name of a capture without the option `name`. It says nothing to a reader. */
const DEFAULT_NAME = 'captureQueries'
const MAX_ROWS = 10
const MAX_SCOPES = 3

/**
 * The message of a failed assertion: the headline, one line for each statement with the worst first, and for each finding the
 * cure and the allowance that accepts it. With the environment variable `QUERYLENS_REPORT=full` it leaves nothing out.
 *
 * It shows a value only where the capture was told to keep the parameters.
 *
 * @param headline what was expected and what happened, without a full stop
 */
export function describeReport(
  headline: string,
  capture: ReportedCapture,
  {
    counted = capture.queries,
    findings = findingsOf(counted, capture),
    hints = [],
    allowancesGo = 'Allowances go into detect.allow of querylens().',
  }: ReportSubject = {},
): string {
  const isFull = process.env['QUERYLENS_REPORT'] === 'full'
  const rows = shapeRowsOf(counted, findings, isFull)
  const shown = isFull ? rows : rows.slice(0, MAX_ROWS)
  const inRows = rows.flatMap((row) => row.findings)
  const beside = findings.filter((finding) => !inRows.includes(finding))
  const others = capture.queries.length - counted.length
  // The query guard need not report once more what a failed assertion has shown.
  noteShown(findings)
  const lines = [
    ...layOut(shown, titleOf, isFull),
    ...describeHidden(rows.slice(shown.length)),
    ...(others > 0 && rows.length > 0
      ? [`  … and ${others} other ${others === 1 ? 'query' : 'queries'}`]
      : []),
    ...beside.map(describeBeside),
    ...describeLate(capture.late, isFull),
    ...hints,
    ...describeCures([...inRows, ...beside], allowancesGo, isFull),
  ]
  const details = `${describeScopes(counted, capture)}${describeTime(counted)} in the database`
  return [`${headline} (${details})${lines.length === 0 ? '.' : ':'}`, ...lines].join('\n')
}

function findingsOf(
  counted: readonly CapturedQuery[],
  { queries, findings }: ReportedCapture,
): readonly Finding[] {
  if (counted.length === queries.length) return findings
  const fingerprints = new Set(counted.map(({ fingerprint }) => fingerprint))
  return findings.filter(({ fingerprint = '' }) => fingerprints.has(fingerprint))
}

/** `GET /books and GET /authors/:id, ` */
function describeScopes(queries: readonly CapturedQuery[], capture: ReportedCapture): string {
  const names = [...new Set(queries.map(({ scopeName }) => scopeName))].filter((name) => !isUnnamed(name))
  if (names.length === 0) return isUnnamed(capture.name) ? '' : `${oneLine(capture.name)}, `
  const more = names.length - MAX_SCOPES
  return `${listWords([...names.slice(0, MAX_SCOPES).map(oneLine), ...(more > 0 ? [`${more} more scopes`] : [])])}, `
}

/** The title above the statements of a scope, where there are several scopes. */
function titleOf(scopeName: string): string {
  return isUnnamed(scopeName) ? 'the captured function itself' : oneLine(scopeName)
}

/** Of the capture itself, or of one inside it. */
function isUnnamed(scopeName: string): boolean {
  return scopeName === '' || scopeName === DEFAULT_NAME
}

function describeTime(queries: readonly CapturedQuery[]): string {
  const millis = queries.reduce((sum, { durationMillis = 0 }) => sum + durationMillis, 0)
  return millis < 1 ? 'under 1 ms' : formatMillis(millis)
}

function describeHidden(hidden: readonly ShapeRow[]): readonly string[] {
  if (hidden.length === 0) return []
  const most = Math.max(...hidden.map(({ count }) => count))
  const counts = most === 1 ? 'once each' : `${most}x or fewer`
  return [
    `  … and ${hidden.length} more statement${hidden.length === 1 ? '' : 's'} (${counts}). QUERYLENS_REPORT=full shows all.`,
  ]
}

/** A finding that no statement of the list stands for, such as a transaction that was open for long. */
function describeBeside(finding: Finding): string {
  const lines = describeLines(finding, describeLine)
  return `  ${finding.label}: ${headlineOf(finding)}${lines === '' ? '' : `   ${lines}`}`
}
