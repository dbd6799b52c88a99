import { QuerylensError } from '@querylens/core'
import { processState } from '@querylens/core/internal'

import { reportBaseline } from '../guard/baseline-news.js'
import { guardTestFunction } from './guard-test-function.js'
import { circusHandlers, type CircusEvent, type CircusState, type CircusTest } from './jest-circus.js'
import type { GuardedTest } from '../guard/guarded-test.js'

/** What the copies of this package in a test file share. */
const state = processState('guardedJest', () => ({
  isOn: false,
  /** The current run of each test. */
  runs: new WeakMap<CircusTest, GuardedTest>(),
}))

/**
 * Makes Jest run the function of each test in a guard. A hook cannot do that: `beforeEach` leaves no asynchronous context to
 * the test.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` where the runner is not jest-circus of Jest 30 or later, or has not begun
 */
export function guardJest(): void {
  const handlers = circusHandlers()
  if (handlers === undefined) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      'The query guard cannot follow the tests: name @querylens/testing/jest/guard in setupFilesAfterEnv, rather than in setupFiles, and use Jest 30 or later with its runner jest-circus.',
    )
  }
  if (state.isOn) return
  state.isOn = true
  handlers.push(onEvent)
}

async function onEvent(event: CircusEvent, { rootDescribeBlock }: CircusState): Promise<void> {
  switch (event.name) {
    // Before the first test starts: those of `test.concurrent` all start at once.
    case 'run_start':
      for (const test of testsIn(rootDescribeBlock)) {
        if (test.fn !== undefined) test.fn = guardTestFunction(test, test.fn, state.runs)
      }
      return
    case 'test_fn_failure': {
      // Jest no longer waits for a test that has timed out.
      const failure = await state.runs.get(event.test)?.end(true)
      if (failure !== undefined && event.error !== failure) event.test.errors.push(failure)
      return
    }
    case 'run_finish':
      return reportBaseline()
    default:
  }
}

function testsIn(block: CircusState['rootDescribeBlock']): readonly CircusTest[] {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsIn(child)))
}
