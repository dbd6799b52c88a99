import type { Finding } from '@querylens/core'

import type { CapturedQueries } from '../recording/captured-queries.js'

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

export function guardFailure(
  queries: CapturedQueries,
  findings: readonly Finding[],
  baseline: string,
): QueryGuardError {
  const labels = [...new Set(findings.map(({ label }) => label))].join(', ')
  const report = findings.map(({ message }) => message).join('\n')
  return new QueryGuardError(
    `The query guard expected no ${labels} in this test, got ${findings.length}:\n${report}\nLeave this test out: skipQueryGuard('…the reason…'). Accept what the whole suite has: run it once with QUERYLENS_BASELINE=write, which adds to ${baseline}.`,
  )
}
