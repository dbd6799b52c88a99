/**
 * Adds assertions to `t.assert` of `node:test`, on import: in a module of `--import`, or in each test file. It needs
 * `assert.register`: Node 22.14, or 23.7.
 *
 * @packageDocumentation
 *
 * @example
 * import '@querylens/testing/node'
 *
 * test('lists books', async (t) => {
 *   const queries = await captureQueries(() => listBooks(db))
 *   t.assert.queryCount(queries, { max: 2 })
 * })
 */
import { assert, type TestContext } from 'node:test'

import {
  assertNoDuplicateQueries,
  assertNoFindings,
  assertNoNPlusOne,
  assertNotQueried,
  assertQueried,
  assertQueryCount,
} from '../assertions/assert.js'
import { assertScalesConstantly } from '../scaling/assert-scales-constantly.js'
import { querySnapshotOf } from '../snapshot/query-snapshot.js'
import { withinBudget } from '../budgets/assert-within-budget.js'
import type { BudgetOptions } from '../budgets/check-budget.js'
import type { CapturedQueries } from '../recording/captured-queries.js'

/** The assertions of `t.assert`, by name. The functions of `@querylens/testing` describe them. */
export interface QueryAssertions {
  /** Checks the queries with the budget of the test, as `assertWithinBudget(queries, { test: t })` does. */
  readonly withinBudget: (queries: CapturedQueries, options?: BudgetOptions) => void
  readonly queryCount: typeof assertQueryCount
  readonly noFindings: typeof assertNoFindings
  readonly noNPlusOne: typeof assertNoNPlusOne
  readonly noDuplicateQueries: typeof assertNoDuplicateQueries
  readonly queried: typeof assertQueried
  readonly notQueried: typeof assertNotQueried
  readonly scalesConstantly: typeof assertScalesConstantly
  /** Compares `querySnapshotOf(queries)` with the snapshot of the test, as `t.assert.snapshot` does. */
  readonly querySnapshot: (queries: CapturedQueries) => void
}

const assertions: QueryAssertions = {
  withinBudget,
  queryCount: assertQueryCount,
  noFindings: assertNoFindings,
  noNPlusOne: assertNoNPlusOne,
  noDuplicateQueries: assertNoDuplicateQueries,
  queried: assertQueried,
  notQueried: assertNotQueried,
  scalesConstantly: assertScalesConstantly,
  // By default `snapshot` writes JSON, in which the lines are one.
  querySnapshot(this: TestContext, queries: CapturedQueries): void {
    this.assert.snapshot(querySnapshotOf(queries), { serializers: [String] })
  },
}

for (const [name, assertion] of Object.entries(assertions)) assert.register(name, assertion)

declare module 'node:test' {
  interface TestContextAssert extends QueryAssertions {}
}
