/**
 * Adds the matchers to `expect` of Jest, on import: in a file of `setupFilesAfterEnv`, or in each test file.
 *
 * @packageDocumentation
 */
import { afterAll, afterEach, expect } from '@jest/globals'
import { QuerylensError } from '@querylens/core'
import { processState } from '@querylens/core/internal'

import { reportBudgets } from '../budgets/budget-news.js'
import type { RunningAssertion } from '../matchers/assertion-promise.js'
import { createMatchers } from '../matchers/create-matchers.js'
import type { QueryMatchers } from '../matchers/query-matchers.js'
import { reportUnawaited } from '../matchers/unawaited.js'
import { snapshotSerializer } from '../snapshot/snapshot-value.js'
import { snapshotMatchers } from './snapshots.js'

export type { QueryMatchers } from '../matchers/query-matchers.js'

declare module 'expect' {
  // The type parameters have to be those of `expect`.
  interface Matchers<R extends void | Promise<void>, T = unknown> extends QueryMatchers<R, T> {}
}

declare global {
  // @types/jest declares it.
  namespace jest {
    interface Matchers<R, T = {}> extends QueryMatchers<R, T> {}
  }
}

/** `jest.resetModules` makes copies of this module. They share one hook, which only the first can register. */
const state = processState('testing-jest', () => ({
  isHooked: false,
  running: new Set<RunningAssertion>(),
}))

if ((expect as unknown) === undefined) {
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    '@querylens/testing/jest was loaded before Jest has an expect. Load it in a file of setupFilesAfterEnv, rather than of setupFiles, or import it in the test file.',
  )
}

expect.extend(createMatchers((assertion) => void state.running.add(assertion)))
expect.extend(snapshotMatchers)
expect.addSnapshotSerializer(snapshotSerializer)

if (!state.isHooked) {
  state.isHooked = true
  try {
    afterAll(reportBudgets)
    afterEach(() => {
      const assertions = [...state.running]
      state.running.clear()
      for (const assertion of assertions) reportUnawaited(assertion)
    })
  } catch {
    // Jest takes no hooks while a test runs: the import came too late to notice a missing `await`.
    state.isHooked = false
  }
}
