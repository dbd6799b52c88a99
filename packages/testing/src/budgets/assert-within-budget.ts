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
  /** The context of the test in `node:test`; in other runners a name, which then is the name of the budget. */
  readonly test: TestContextLike | string
}

/** The number of assertions of each test so far. A test that runs again has another context. */
const assertions = new WeakMap<TestContextLike, number>()

/**
 * Asserts that the queries of a capture are within the budget of the test, which `querylens.budgets.json` holds: how often each
 * statement may run. `QUERYLENS_BUDGETS=write` writes the file.
 *
 * @throws QueryAssertionError if a statement runs more often, if the test has no budget, or if no query ran
 * @throws QuerylensError as {@link checkBudget}
 *
 * @example
 * test('lists books', async (t) => {
 *   const queries = await captureQueries(() => listBooks(db))
 *   assertWithinBudget(queries, { test: t })
 * })
 */
export function assertWithinBudget(queries: CapturedQueries, options: AssertBudgetOptions): void {
  const site = siteOf(assertWithinBudget)
  const { test, ...others } = options ?? {}
  const { pass, message, actual, expected } = checkBudget(
    queries,
    testOf(test),
    others,
    'assertWithinBudget()',
  )
  if (!pass) throw new QueryAssertionError(message(), site, { actual, expected })
}

function testOf(test: TestContextLike | string): string | BudgetedTest {
  if (typeof test !== 'object' || test === null) return test
  const sequence = (assertions.get(test) ?? 0) + 1
  assertions.set(test, sequence)
  return { file: test.filePath, name: test.fullName, sequence }
}
