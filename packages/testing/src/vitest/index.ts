/**
 * Adds the matchers to `expect` of Vitest, on import: in a file of `setupFiles`, or in each test file.
 *
 * @packageDocumentation
 */
import { afterAll, expect } from 'vitest'

import { reportBudgets } from '../budgets/budget-news.js'
import { createMatchers } from '../matchers/create-matchers.js'
import type { QueryMatchers } from '../matchers/query-matchers.js'
import { snapshotSerializer } from '../snapshot/snapshot-value.js'
import { snapshotMatchers } from './snapshots.js'
import { watchAssertion } from './watch-assertion.js'

export type { QueryMatchers } from '../matchers/query-matchers.js'

declare module 'vitest' {
  // The type parameters have to be those of Vitest.
  interface Matchers<
    R extends void | Promise<void> = void | Promise<void>,
    T = unknown,
  > extends QueryMatchers<R, T> {
    /** As `toMatchQuerySnapshot`, with the snapshot in a file of its own. Await it. */
    toMatchFileQuerySnapshot(path: string): Promise<void>
  }
}

expect.extend(createMatchers(watchAssertion))
expect.extend(snapshotMatchers)
expect.addSnapshotSerializer(snapshotSerializer)

try {
  afterAll(reportBudgets)
} catch {
  // Vitest takes no hooks while a test runs: the import came too late for a report.
}
