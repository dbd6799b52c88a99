import { QuerylensError } from '@querylens/core'

import { capture } from '../capture/capture-queries.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import { QueryAssertionError, siteOf } from '../report/query-assertion-error.js'
import type { QueryCount } from './expected-count.js'
import {
  checkNoFindings,
  checkNoLoops,
  checkNoDuplicates,
  type AcceptedFindings,
  type NoFindingsOptions,
} from './no-findings.js'
import { checkQueried } from './queried.js'
import { checkQueryCount } from './query-count.js'
import type { Verdict } from './verdict.js'

type Work<Result> = () => Result
type Captured<Result> = Promise<CapturedQueries<Awaited<Result>>>

/**
 * Asserts how many queries a capture has, and of which kinds and tables; see {@link QueryCount}. With a function in place of
 * the capture, it captures the queries of that and resolves to them.
 *
 * @throws QueryAssertionError if it has another number, or none although none was not asked for
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` for anything else than captured queries or a function, and for what is
 *   no {@link QueryCount}
 *
 * @example
 * const queries = await captureQueries(() => listBooks(db))
 * assertQueryCount(queries, { max: 2 })
 * await assertQueryCount(() => listBooks(db), { select: 2, insert: 0 })
 */
export function assertQueryCount(queries: CapturedQueries, expected: QueryCount): void
export function assertQueryCount<Result>(work: Work<Result>, expected: QueryCount): Captured<Result>
export function assertQueryCount(
  subject: CapturedQueries | Work<unknown>,
  expected: QueryCount,
): void | Captured<unknown> {
  return assert(subject, assertQueryCount, (queries) => checkQueryCount(queries, expected))
}

/**
 * Asserts that Querylens found nothing in a capture: no N+1, no duplicate query, no large result and so on. Otherwise as
 * {@link assertQueryCount}.
 *
 * @throws QueryAssertionError if there is a finding, or no query at all
 * @throws QuerylensError also where a database has `detect: false`, so that its queries were not checked
 *
 * @example
 * assertNoFindings(queries, { except: ['large_result'] })
 */
export function assertNoFindings(queries: CapturedQueries, options?: NoFindingsOptions): void
export function assertNoFindings<Result>(work: Work<Result>, options?: NoFindingsOptions): Captured<Result>
export function assertNoFindings(
  subject: CapturedQueries | Work<unknown>,
  options?: NoFindingsOptions,
): void | Captured<unknown> {
  return assert(subject, assertNoFindings, (queries) => checkNoFindings(queries, options))
}

/**
 * {@link assertNoFindings} for loops: `n_plus_one`, `n_plus_one_write`, and a `duplicate_query` that one line of a loop repeats,
 * as where all rows of a test have one parent. A helper that two places call is no loop.
 */
export function assertNoNPlusOne(queries: CapturedQueries, options?: AcceptedFindings): void
export function assertNoNPlusOne<Result>(work: Work<Result>, options?: AcceptedFindings): Captured<Result>
export function assertNoNPlusOne(
  subject: CapturedQueries | Work<unknown>,
  options?: AcceptedFindings,
): void | Captured<unknown> {
  return assert(subject, assertNoNPlusOne, (queries) => checkNoLoops(queries, options))
}

/** {@link assertNoFindings} for queries that ran before with the same parameters: `duplicate_query`. */
export function assertNoDuplicateQueries(queries: CapturedQueries, options?: AcceptedFindings): void
export function assertNoDuplicateQueries<Result>(
  work: Work<Result>,
  options?: AcceptedFindings,
): Captured<Result>
export function assertNoDuplicateQueries(
  subject: CapturedQueries | Work<unknown>,
  options?: AcceptedFindings,
): void | Captured<unknown> {
  return assert(subject, assertNoDuplicateQueries, (queries) => checkNoDuplicates(queries, options))
}

/**
 * Asserts that a capture has a query of a table, or one whose text matches. Otherwise as {@link assertQueryCount}.
 *
 * @param target a table, as the database calls it, in any letter case, where the schema may be left out; or a regular
 *   expression for the statement, in which literals are `?` and parameters as `$1`
 *
 * @example
 * assertQueried(queries, 'books')
 * assertQueried(queries, /for update$/)
 */
export function assertQueried(queries: CapturedQueries, target: string | RegExp): void
export function assertQueried<Result>(work: Work<Result>, target: string | RegExp): Captured<Result>
export function assertQueried(
  subject: CapturedQueries | Work<unknown>,
  target: string | RegExp,
): void | Captured<unknown> {
  return assert(subject, assertQueried, (queries) => checkQueried(queries, target))
}

/** Asserts that a capture has queries, and none that {@link assertQueried} would find. */
export function assertNotQueried(queries: CapturedQueries, target: string | RegExp): void
export function assertNotQueried<Result>(work: Work<Result>, target: string | RegExp): Captured<Result>
export function assertNotQueried(
  subject: CapturedQueries | Work<unknown>,
  target: string | RegExp,
): void | Captured<unknown> {
  return assert(subject, assertNotQueried, (queries) => {
    const { pass, failsNegated = false, ...verdict } = checkQueried(queries, target, 'assertNotQueried()')
    return { ...verdict, pass: !pass && !failsNegated, expected: verdict.expectedIfNegated }
  })
}

/** Checks a capture at once, and a function once it has been captured. The stack of a failure begins at the caller. */
function assert(
  subject: CapturedQueries | Work<unknown>,
  entryPoint: (...values: never[]) => unknown,
  check: (queries: CapturedQueries) => Verdict,
): void | Captured<unknown> {
  const site = siteOf(entryPoint)
  if (typeof subject !== 'function') {
    try {
      throwFailure(check(subject), site)
    } catch (error) {
      if (error instanceof QuerylensError) Error.captureStackTrace(error, entryPoint)
      throw error
    }
    return undefined
  }
  return capture(subject, undefined, site).then((queries) => {
    throwFailure(check(queries), site)
    return queries
  })
}

function throwFailure({ pass, message, actual, expected }: Verdict, site: Error): void {
  if (!pass) throw new QueryAssertionError(message(), site, { actual, expected })
}
