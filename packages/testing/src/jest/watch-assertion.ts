import { afterEach } from '@jest/globals'
import { processState } from '@querylens/core/internal'

import type { RunningAssertion } from '../matchers/assertion-promise.js'
import type { MatcherContext } from '../matchers/matcher.js'
import { reportUnawaited } from '../matchers/unawaited.js'
import { circusHandlers, type CircusEvent, type CircusState } from './jest-circus.js'

/** A test of jest-circus; the name of a concurrent test, where Jest does not pass the test; otherwise the test that runs. */
type Owner = unknown

/** What the copies of this package in a test file share. */
const running = processState('jestAssertions', () => new Map<RunningAssertion, Owner>())

/** Notes an assertion that its test has to await. */
export function watchAssertion(assertion: RunningAssertion, context: MatcherContext): void {
  running.set(assertion, context.currentTestIdentity?.() ?? context.currentConcurrentTestName?.())
}

/** Reports the assertions that their tests do not await. Jest calls no `afterEach` for a concurrent test. */
export function reportUnawaitedAssertions(): void {
  const handlers = circusHandlers()
  if (handlers !== undefined) {
    handlers.push(onEvent)
    return
  }
  try {
    afterEach(() => {
      for (const error of takeUnawaited(() => true)) throw error
    })
  } catch {
    // Jest takes no hooks while a test runs: the import came too late to notice a missing `await`.
  }
}

function onEvent(event: CircusEvent, { unhandledErrors }: CircusState): void {
  switch (event.name) {
    case 'test_fn_success':
    case 'test_fn_failure': {
      const { test } = event
      test.errors.push(
        ...takeUnawaited((owner) => owner === test || (owner === undefined && !test.concurrent)),
      )
      return
    }
    // What belongs to a test that Jest does not name fails the file.
    case 'run_finish':
      unhandledErrors.push(...takeUnawaited(() => true))
      return
    default:
  }
}

function takeUnawaited(belongs: (owner: Owner) => boolean): readonly unknown[] {
  return [...running].flatMap(([assertion, owner]) => {
    if (!belongs(owner)) return []
    running.delete(assertion)
    try {
      reportUnawaited(assertion)
      return []
    } catch (error) {
      return [error]
    }
  })
}
