import type { Finding } from '@querylens/core'
import { processState } from '@querylens/core/internal'

/** Findings that an assertion of the test has accepted, and those that the guard has reported. */
const judged = processState('judgedFindings', () => new WeakSet<Finding>())

/** Notes that an assertion of the test has decided on these findings, so that the query guard does not report them again. */
export function noteJudged(findings: Iterable<Finding>): void {
  for (const finding of findings) judged.add(finding)
}

/** Findings whose table a message has shown. The test may have swallowed the error that has it. */
const shown = processState('shownFindings', () => new WeakSet<Finding>())

/** Notes that the message of an assertion shows these findings: the query guard does not show them again if the test fails. */
export function noteShown(findings: Iterable<Finding>): void {
  for (const finding of findings) shown.add(finding)
}

export function isShown(finding: Finding): boolean {
  return shown.has(finding)
}

export function isJudged(finding: Finding): boolean {
  return judged.has(finding)
}
