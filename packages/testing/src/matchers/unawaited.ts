import { QueryAssertionError } from '../report/query-assertion-error.js'
import type { RunningAssertion } from './assertion-promise.js'

/**
 * Fails the test that did not await an assertion.
 *
 * @throws QueryAssertionError with the line of the assertion, and its failure if there is one
 */
export function reportUnawaited({ matcher, site, isAwaited, failure }: RunningAssertion): void {
  if (isAwaited) return
  const outcome =
    failure === undefined ? '' : `\n\nThe assertion has failed, too:\n${messageOf(failure.error)}`
  throw new QueryAssertionError(
    `${matcher}() runs the function and has to be awaited, but the test ended without it. Write await expect(() => …).${matcher}(…).${outcome}`,
    site,
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
