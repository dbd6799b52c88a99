import type { Finding } from '@querylens/core'
import { processState } from '@querylens/core/internal'

/** Findings that an assertion of the test has accepted or reported. */
const judged = processState('judgedFindings', () => new WeakSet<Finding>())

/** Notes that an assertion of the test has decided on these findings, so that the query guard does not report them again. */
export function noteJudged(findings: Iterable<Finding>): void {
  for (const finding of findings) judged.add(finding)
}

export function isJudged(finding: Finding): boolean {
  return judged.has(finding)
}
