/**
 * Adds the matchers to `expect` of Jest, on import: in a file of `setupFilesAfterEnv`, or in each test file.
 *
 * @packageDocumentation
 */
import { afterAll, expect } from '@jest/globals'
import { QuerylensError } from '@querylens/core'
import { processState } from '@querylens/core/internal'

import { reportBudgets } from '../budgets/budget-news.js'
import { createMatchers } from '../matchers/create-matchers.js'
import type { QueryMatchers } from '../matchers/query-matchers.js'
import { snapshotSerializer } from '../snapshot/snapshot-value.js'
import { snapshotMatchers } from './snapshots.js'
import { reportUnawaitedAssertions, watchAssertion } from './watch-assertion.js'

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

/** `jest.resetModules` makes copies of this module. They share the hooks, which only the first can register. */
const state = processState('testing-jest', () => ({ isHooked: false }))

if ((expect as unknown) === undefined) {
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    '@querylens/testing/jest was loaded before Jest has an expect. Load it in a file of setupFilesAfterEnv, rather than of setupFiles, or import it in the test file.',
  )
}

expect.extend(createMatchers(watchAssertion))
expect.extend(snapshotMatchers)
expect.addSnapshotSerializer(snapshotSerializer)

if (!state.isHooked) {
  state.isHooked = true
  reportUnawaitedAssertions()
  try {
    afterAll(reportBudgets)
  } catch {
    // Jest takes no hooks while a test runs: the import came too late for a report after each file.
  }
}
