import { resolve } from 'node:path'

import type { CallSite, Finding, FindingKind } from '@querylens/core'
import { findingKinds } from '@querylens/core/internal'

import { isRepeatedInLoop } from '../assertions/loops.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import { describeCopies } from '../report/no-queries.js'
import { describeReport } from '../report/query-report.js'
import { listWords } from '../report/words.js'

/**
 * The error of a test that has findings. It is no `AssertionError`, because it has no values that a runner could compare. Its stack
 * is the path to a query, so that a runner shows that code: the stack of the guard has none of the application.
 */
export class QueryGuardError extends Error {
  override readonly name = 'QueryGuardError'

  constructor(message: string, path: readonly CallSite[] = []) {
    super(message)
    this.stack = [`${this.name}: ${message}`, ...path.flatMap(frameOf)].join('\n')
  }
}

/** A frame as V8 prints it; none for a file that is named by a URL, such as one of a bundle. */
function frameOf({ file, line, column, function: name }: CallSite): readonly string[] {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(file)) return []
  const position = `${resolve(file)}:${line}:${column}`
  return [`    at ${name === undefined ? position : `${name} (${position})`}`]
}

/**
 * Whether the guard fails a test for a finding: by its kind, and as an N+1 also for a statement that a loop repeats with the same
 * parameters.
 */
export function isGuarded(finding: Finding, kinds: readonly FindingKind[]): boolean {
  return kinds.includes(finding.kind) || (kinds.includes('n_plus_one') && isRepeatedInLoop(finding))
}

function labelOf(finding: Finding): string {
  return isRepeatedInLoop(finding) ? `${finding.label} in a loop` : finding.label
}

export function guardFailure(
  queries: CapturedQueries,
  findings: readonly Finding[],
  baseline: string,
): QueryGuardError {
  const labels = [...new Set(findings.map(labelOf))].join(', ')
  const headline = `The query guard expected no ${labels} in this test, got ${findings.length}`
  return new QueryGuardError(
    `${describeReport(headline, queries, { findings, allowancesGo: 'Allowances go into guardQueries({ allow }) or into detect.allow of querylens().' })}
Leave this test out: skipQueryGuard('…the reason…')
Accept what all tests have today: run them with QUERYLENS_BASELINE=write, which adds it to ${baseline}`,
    findings.find(({ path }) => path.length > 0)?.path,
  )
}

/** The error where another copy of Querylens may have sent queries that the guard did not see. */
export function copiesFailure(copies: readonly string[]): QueryGuardError {
  return new QueryGuardError(`The query guard cannot see all queries of this test. ${describeCopies(copies)}`)
}

/**
 * The error where captures of the test have switched detection off.
 *
 * @param kinds those of the guard among them
 * @returns `undefined` if there are none
 */
export function hiddenFailure(kinds: readonly FindingKind[]): QueryGuardError | undefined {
  if (kinds.length === 0) return undefined
  const labels = findingKinds.filter(({ kind }) => kinds.includes(kind)).map(({ label }) => label)
  return new QueryGuardError(
    `The query guard cannot tell whether this test has ${listWords(labels)}, because the option detect of a capture in it switches that off. Leave the option out, accept findings with toHaveNoFindings({ except: […] }), or leave the test out: skipQueryGuard('…the reason…')`,
  )
}
