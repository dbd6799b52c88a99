import { QuerylensError } from '@querylens/core'

import type { Verdict } from '../assertions/verdict.js'
import type { CaptureOptions } from '../capture/capture-options.js'
import { capture } from '../capture/capture-queries.js'
import { AssertionPromise, type RunningAssertion } from './assertion-promise.js'
import { definitions } from './definitions.js'
import type { Matcher, MatcherContext, MatcherDefinition, MatcherResult } from './matcher.js'
import { readReceived } from './received.js'
import { testSiteOf } from './test-site.js'
import { withStackOf } from './with-stack-of.js'

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
    try {
      const target = readReceived(definition, received)
      refuseNegation(definition, this, values)
      if ('queries' in target) {
        refuseFurtherValues(definition, values, definition.values)
        return resultOf(definition.check(target.queries, values, `${name}()`, this), this)
      }
      refuseFurtherValues(definition, values, definition.values + 1)
      const assertion: RunningAssertion = { matcher: name, site, isAwaited: false, failure: undefined }
      watch(assertion, this)
      const options = values[definition.values] as CaptureOptions | undefined
      const result = capture(target.work, options, site).then((queries) => {
        try {
          return resultOf(
            definition.check(queries, values.slice(0, definition.values), `${name}()`, this),
            this,
          )
        } catch (error) {
          throw withStackOf(site, error)
        }
      })
      return AssertionPromise.of(result, assertion) as Promise<MatcherResult>
    } catch (error) {
      throw withStackOf(site, error)
    }
  }
}

/** A runner fails a matcher if it passes and is negated, or neither. */
function resultOf(
  { pass, failsNegated = false, message, actual, expected }: Verdict,
  { isNot }: MatcherContext,
): MatcherResult {
  return { pass: isNot === true && failsNegated ? true : pass, message, actual, expected }
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
