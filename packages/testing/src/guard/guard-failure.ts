import type { Finding, FindingKind } from '@querylens/core'

import { isRepeatedInLoop } from '../assertions/loops.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import { describeCopies } from '../report/no-queries.js'
import { describeReport } from '../report/query-report.js'

/**
 * The error of a test that has findings. It is no `AssertionError`, because it has no values that a runner could compare. It has
 * no stack: the lines of the findings are in its message.
 */
export class QueryGuardError extends Error {
  override readonly name = 'QueryGuardError'

  constructor(message: string) {
    super(message)
    this.stack = `${this.name}: ${message}`
  }
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
  )
}

/** The error where another copy of Querylens may have sent queries that the guard did not see. */
export function copiesFailure(copies: readonly string[]): QueryGuardError {
  return new QueryGuardError(`The query guard cannot see all queries of this test. ${describeCopies(copies)}`)
}
