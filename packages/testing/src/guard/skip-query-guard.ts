import { QuerylensError } from '@querylens/core'
import { describeValue } from '@querylens/core/internal'

import { followedTestHere, guardState } from './guard-state.js'

/**
 * Leaves the test that calls it out of the query guard. It does nothing where no guard is on.
 *
 * @param reason why the test may have an N+1, for people who read it
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` without a reason; outside the function of a test
 *
 * @example
 * it('imports the old catalogue', async () => {
 *   skipQueryGuard('the import runs once a year')
 *   await importCatalogue(db)
 * })
 */
export function skipQueryGuard(reason: string): void {
  if (typeof reason !== 'string' || reason.trim() === '') {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `skipQueryGuard(reason) takes a sentence that says why the test may have findings, but got ${describeValue(reason)}.`,
    )
  }
  if (guardState.options === undefined) return
  const test = followedTestHere()
  if (test !== undefined) return test.skip()
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    'skipQueryGuard(reason) leaves out the test that calls it, but was called outside a test: call it in the function of the test.',
  )
}
