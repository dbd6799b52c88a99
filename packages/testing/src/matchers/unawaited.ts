import { QuerylensError } from '@querylens/core'

import type { RunningAssertion } from './assertion-promise.js'
import { withStackOf } from '../report/query-assertion-error.js'

/**
 * Fails the test that did not await an assertion.
 *
 * @throws QuerylensError `QUERYLENS_NOT_AWAITED` with the line of the assertion, and its failure if there is one
 */
export function reportUnawaited({ matcher, site, isAwaited, failure }: RunningAssertion): void {
  if (isAwaited) return
  const outcome =
    failure === undefined ? '' : `\n\nThe assertion has failed, too:\n${messageOf(failure.error)}`
  throw withStackOf(
    site,
    new QuerylensError(
      'QUERYLENS_NOT_AWAITED',
      `${matcher}() is asynchronous, but the test ended without awaiting it. Write await expect(…).${matcher}(…).${outcome}`,
    ),
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
