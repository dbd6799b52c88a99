import process from 'node:process'

import { QuerylensError } from '@querylens/core'
import { describeValue } from '@querylens/core/internal'

/**
 * What happens to the file of budgets:
 *
 * - `check`: nothing. A test without a budget fails.
 * - `new`: a test without a budget gets one.
 * - `write`: each test that runs gets a budget of what it does, and passes.
 * - `lower`: budgets of tests that run are lowered to what they need, and those of test files that are gone are removed. A test
 *   without a budget fails.
 */
export type BudgetMode = 'check' | 'new' | 'write' | 'lower'

const MODES: readonly string[] = ['check', 'new', 'write', 'lower'] satisfies readonly BudgetMode[]

/**
 * The mode of this process: the environment variable `QUERYLENS_BUDGETS`. Without it, `check` where the environment variable `CI`
 * is set, and otherwise `new`, as Jest and Vitest do with snapshots.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_OPTION` for another value of `QUERYLENS_BUDGETS`
 */
export function budgetMode(env: NodeJS.ProcessEnv = process.env): BudgetMode {
  const { QUERYLENS_BUDGETS: mode = '', CI = '' } = env
  if (mode === '') return ['', '0', 'false'].includes(CI) ? 'new' : 'check'
  if (MODES.includes(mode)) return mode as BudgetMode
  throw new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `The environment variable QUERYLENS_BUDGETS takes ${MODES.map((known) => `'${known}'`).join(', ')}, but got ${describeValue(mode)}.`,
  )
}
