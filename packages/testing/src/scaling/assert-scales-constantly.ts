import { QuerylensError } from '@querylens/core'
import { describeWork } from '@querylens/core/internal'

import { QueryAssertionError, siteOf } from '../report/query-assertion-error.js'
import { checkScaling } from './check-scaling.js'
import type { ScalingOptions } from './scaling-options.js'

/**
 * Asserts that no statement runs more often when there is more data. It runs the function with each size, after `populate`
 * has made the data for it, and compares how often each statement ran. More rows in the lists of a statement do not count.
 *
 * @param work gets the size
 * @throws QueryAssertionError if a statement runs more often with a larger size, or there is no query with one of them
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if `work` is no function, or nothing depends on the size: there is
 *   no `populate`, and `work` has no parameter; for an unknown option or a value that an option does not take
 * @throws the error of `populate` or of `work`
 *
 * @example
 * await assertScalesConstantly((size) => listPosts(db, size), { populate: (size) => insertPosts(db, size) })
 */
export async function assertScalesConstantly(
  work: (size: number) => unknown,
  options?: ScalingOptions,
): Promise<void> {
  const site = siteOf(assertScalesConstantly)
  const owner = 'assertScalesConstantly()'
  if (typeof work !== 'function') {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `${owner} takes a function, such as (size) => listPosts(db, size), but got ${describeWork(work)}.`,
    )
  }
  const { pass, message } = await checkScaling(work, options, { site, owner })
  if (!pass) throw new QueryAssertionError(message(), site)
}
