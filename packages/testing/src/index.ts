/**
 * Assertions on the queries that code sends, for any test runner.
 *
 * @packageDocumentation
 */
export {
  assertNoDuplicateQueries,
  assertNoFindings,
  assertNoNPlusOne,
  assertNotQueried,
  assertQueried,
  assertQueryCount,
} from './assertions/assert.js'
export type { CountRange } from './assertions/count-range.js'
export type { CountByKind, ExpectedQueries, QueryCount } from './assertions/expected-count.js'
export type { AcceptedFindings, NoFindingsOptions } from './assertions/no-findings.js'
export {
  assertWithinBudget,
  type AssertBudgetOptions,
  type TestContextLike,
} from './budgets/assert-within-budget.js'
export type { BudgetOptions } from './budgets/check-budget.js'
export { mergeBudgets } from './budgets/merge-budgets.js'
export { captureQueries } from './capture/capture-queries.js'
export type { CaptureOptions } from './capture/capture-options.js'
export { skipQueryGuard } from './guard/skip-query-guard.js'
export type {
  CapturedQueries,
  FailedConnections,
  OutsideQueries,
  UndetectedKinds,
} from './recording/captured-queries.js'
export type { CapturedQuery } from './recording/captured-query.js'
export { QueryAssertionError } from './report/query-assertion-error.js'
export { assertScalesConstantly } from './scaling/assert-scales-constantly.js'
export type { ScalingOptions } from './scaling/scaling-options.js'
export { querySnapshotOf } from './snapshot/query-snapshot.js'
