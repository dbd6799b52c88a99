import { QuerylensError } from '@querylens/core'

import type { Verdict } from '../assertions/verdict.js'
import type { CaptureOptions } from '../capture/capture-options.js'
import { capture } from '../capture/capture-queries.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import { noteAssertion } from '../recording/started-assertions.js'
import { trackAssertion, type RunningAssertion } from './assertion-promise.js'
import { definitions } from './definitions.js'
import type { Matcher, MatcherContext, MatcherDefinition, MatcherResult } from './matcher.js'
import { readReceived } from './received.js'
import { testSiteOf } from './test-site.js'
import { withStackOf } from '../report/query-assertion-error.js'

/**
 * Creates the matchers for one runner.
 *
 * @param watch is called with each assertion that runs a function; after the test, the runner passes it to
 *   `reportUnawaited`
 */
export function createMatchers<Context extends MatcherContext>(
  watch: (assertion: RunningAssertion, context: Context) => void,
): Record<string, Matcher<Context>> {
  return Object.fromEntries(
    definitions.map((definition) => [definition.name, createMatcher(definition, watch)]),
  )
}

function createMatcher<Context extends MatcherContext>(
  definition: MatcherDefinition,
  watch: (assertion: RunningAssertion, context: Context) => void,
): Matcher<Context> {
  const { name } = definition
  return function matcher(this: Context, received, ...values) {
    const site = testSiteOf(matcher)
    const check: Check = (queries, each) => {
      if ('run' in definition) throw new TypeError(`${name}() takes no captured queries.`)
      return definition.check(queries, each, `${name}()`, this)
    }
    try {
      const target = readReceived(definition, received)
      refuseNegation(definition, this, values)
      if ('queries' in target) {
        refuseFurtherValues(definition, values, definition.values)
        return resultOf(check(target.queries, values), this)
      }
      const verdict = run(definition, { work: target.work, values, site, check })
      const result = verdict.then((each) => resultOf(each, this))
      const tracked = trackAssertion({ matcher: name, site }, result, (assertion) => {
        noteAssertion(assertion)
        watch(assertion, this)
      })
      return tracked as Promise<MatcherResult>
    } catch (error) {
      throw withStackOf(site, error)
    }
  }
}

type Check = (queries: CapturedQueries, values: readonly unknown[]) => Verdict

interface Call {
  readonly work: () => unknown
  readonly values: readonly unknown[]
  readonly site: Error
  readonly check: Check
}

/** The verdict of a function's queries. Errors in it have the line of the test. */
function run(definition: MatcherDefinition, { work, values, site, check }: Call): Promise<Verdict> {
  if ('run' in definition) {
    refuseFurtherValues(definition, values, definition.values)
    return definition.run(work, values, { site, owner: `${definition.name}()` })
  }
  refuseFurtherValues(definition, values, definition.values + 1)
  const options = values[definition.values] as CaptureOptions | undefined
  return capture(work, options, site).then((queries) => {
    try {
      return check(queries, values.slice(0, definition.values))
    } catch (error) {
      throw withStackOf(site, error)
    }
  })
}

/** A runner fails a matcher if it passes and is negated, or neither. */
function resultOf(
  { pass, failsNegated = false, message, actual, expected, expectedIfNegated = expected }: Verdict,
  { isNot }: MatcherContext,
): MatcherResult {
  if (isNot !== true) return { pass, message, actual, expected }
  return { pass: failsNegated ? true : pass, message, actual, expected: expectedIfNegated }
}

function refuseNegation(
  { name, insteadOfNot }: MatcherDefinition,
  { isNot }: MatcherContext,
  values: readonly unknown[],
): void {
  if (isNot !== true || insteadOfNot === undefined) return
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `${name}() cannot be negated with .not. Write ${insteadOfNot(values)}.`,
  )
}

function refuseFurtherValues({ name }: MatcherDefinition, values: readonly unknown[], most: number): void {
  if (values.length <= most) return
  const takes = most === 0 ? 'no values' : `${most} ${most === 1 ? 'value' : 'values'} at most`
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `${name}() takes ${takes} here, but got ${values.length}. Options of a capture belong to captureQueries(work, options), or to a matcher that takes a function.`,
  )
}
