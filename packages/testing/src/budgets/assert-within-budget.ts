import type { CapturedQueries } from '../recording/captured-queries.js'
import { QueryAssertionError, siteOf } from '../report/query-assertion-error.js'
import type { BudgetedTest } from './budgeted-test.js'
import { checkBudget, type BudgetOptions } from './check-budget.js'

/** The context that `node:test` passes to a test. */
export interface TestContextLike {
  readonly fullName: string
  readonly filePath?: string | undefined
}

/** The options of {@link assertWithinBudget}. */
export interface AssertBudgetOptions extends BudgetOptions {
  /** The context of the test in `node:test`; in other runners a name, which is that of the budget. */
  readonly test: TestContextLike | string
}

/**
 * Asserts that the queries of a capture are within the budget of the test, which `querylens.budgets.json` holds: how often each
 * statement may run. `QUERYLENS_BUDGETS=write` writes the file.
 *
 * @throws QueryAssertionError if a statement runs more often, if the test has no budget, or if no query ran
 * @throws QuerylensError `QUERYLENS_FILE` if the file cannot be read or written, or holds something else: it stays as it is
 *   then; `QUERYLENS_INVALID_ARGUMENT` without the name of a test, or for anything else than captured queries;
 *   `QUERYLENS_INVALID_OPTION` for a `QUERYLENS_BUDGETS` that does not exist; for an unknown option or a value that it does
 *   not take
 *
 * @example
 * test('lists books', async (t) => {
 *   const queries = await captureQueries(() => listBooks(db))
 *   assertWithinBudget(queries, { test: t })
 * })
 */
export function assertWithinBudget(queries: CapturedQueries, options: AssertBudgetOptions): void {
  const { test, ...others } = options ?? {}
  assertBudgetOf(queries, test, others, assertWithinBudget)
}

/**
 * {@link assertWithinBudget} as an assertion of `t.assert`, which gets the test as `this`.
 *
 * @example
 * t.assert.withinBudget(queries)
 */
export function withinBudget(this: TestContextLike, queries: CapturedQueries, options?: BudgetOptions): void {
  assertBudgetOf(queries, this, options, withinBudget)
}

function assertBudgetOf(
  queries: CapturedQueries,
  test: TestContextLike | string,
  options: BudgetOptions | undefined,
  entryPoint: (this: TestContextLike, ...values: never[]) => void,
): void {
  const site = siteOf(entryPoint)
  const verdict = checkBudget(queries, testOf(test), options, `${entryPoint.name}()`)
  const { pass, message, actual, expected } = verdict
  if (!pass) throw new QueryAssertionError(message(), site, { actual, expected })
}

function testOf(test: TestContextLike | string): string | BudgetedTest {
  if (typeof test !== 'object' || test === null) return test
  // A test that runs again has another context.
  return { file: test.filePath, name: test.fullName, identity: test, attempt: test }
}
