import { invalidArgument } from '../invalid-argument.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import { withNewQueries } from '../snapshot/compared-snapshot.js'
import { problemOfSnapshot, querySnapshotOf } from '../snapshot/query-snapshot.js'
import { snapshotValue, type SnapshotValue } from '../snapshot/snapshot-value.js'
import type { Matcher, MatcherContext, MatcherResult } from './matcher.js'
import { readReceived } from './received.js'
import { testSiteOf } from './test-site.js'
import { withStackOf } from '../report/query-assertion-error.js'

/**
 * A matcher of a runner for snapshots. It gets the context of our matcher, because it finds the test and the call by that.
 *
 * @param value what the test passed: a hint, or an inline snapshot
 */
export type RunnerMatcher<Context> = (context: Context, lines: SnapshotValue, value?: string) => MatcherResult

/**
 * Creates a matcher that leaves reading, comparing and writing to the runner. The runner's call is synchronous, so that it
 * finds the line of an inline snapshot on the stack.
 */
export function createSnapshotMatcher<Context extends MatcherContext>(
  name: string,
  match: RunnerMatcher<Context>,
): Matcher<Context> {
  return function matcher(this: Context, received, ...values) {
    const queries = readCapture(name, this, received, values, testSiteOf(matcher))
    const problem = problemOfSnapshot(queries)
    if (problem !== undefined) return { pass: false, message: () => problem }
    const [value] = values as [string?]
    // A runner tells by the number of arguments whether there is an inline snapshot.
    const lines = snapshotValue(querySnapshotOf(queries))
    return withNewQueries(value === undefined ? match(this, lines) : match(this, lines, value), queries)
  }
}

/** The capture that a snapshot matcher got. An error has the line of the test. */
export function readCapture(
  name: string,
  { isNot }: MatcherContext,
  received: unknown,
  values: readonly unknown[],
  site: Error,
): CapturedQueries {
  try {
    const target = readReceived({ name, takes: 'captured queries' }, received)
    if (isNot === true)
      throw invalidArgument(`${name}() cannot be negated with .not. Write expect(queries).not.toQuery(…).`)
    if (values.length > 1 || (values[0] !== undefined && typeof values[0] !== 'string')) {
      throw invalidArgument(`${name}() takes one string at most.`)
    }
    return (target as { readonly queries: CapturedQueries }).queries
  } catch (error) {
    throw withStackOf(site, error)
  }
}
