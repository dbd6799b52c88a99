import { onTestFinished } from 'vitest'

import type { RunningAssertion } from '../matchers/assertion-promise.js'
import type { MatcherContext } from '../matchers/matcher.js'
import { reportUnawaited } from '../matchers/unawaited.js'

/** The part of Vitest's state of a matcher that is read here. */
export interface VitestContext extends MatcherContext {
  /** The test of the `expect` that a concurrent test gets from its context. */
  readonly task?:
    | (NonNullable<MatcherContext['task']> & {
        readonly context?: { readonly onTestFinished?: typeof onTestFinished }
      })
    | undefined
}

/**
 * Reports an assertion that its test does not await. An `afterEach` would be missing in all files but the first where Vitest
 * runs them without isolation.
 */
export function watchAssertion(assertion: RunningAssertion, { task }: VitestContext): void {
  const whenFinished = task?.context?.onTestFinished ?? onTestFinished
  try {
    whenFinished(() => reportUnawaited(assertion))
  } catch {
    // Outside a test, as in `beforeAll`: no test can fail.
  }
}
