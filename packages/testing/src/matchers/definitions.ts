import type { QueryCount } from '../assertions/expected-count.js'
import {
  checkNoFindings,
  checkNoLoops,
  checkNoDuplicates,
  type AcceptedFindings,
  type NoFindingsOptions,
} from '../assertions/no-findings.js'
import { checkQueried } from '../assertions/queried.js'
import { checkQueryCount } from '../assertions/query-count.js'
import { checkScaling } from '../scaling/check-scaling.js'
import type { ScalingOptions } from '../scaling/scaling-options.js'
import { testOfRunner } from '../budgets/budgeted-test.js'
import { checkBudget, type BudgetOptions } from '../budgets/check-budget.js'
import type { MatcherDefinition } from './matcher.js'

/** The matchers, independent of the runner. */
export const definitions: readonly MatcherDefinition[] = [
  {
    name: 'toHaveQueryCount',
    takes: 'captured queries',
    other: 'toExecuteQueries(…)',
    values: 1,
    check: (queries, [expected], owner) => checkQueryCount(queries, expected as QueryCount, owner),
  },
  {
    name: 'toHaveNoFindings',
    takes: 'either',
    values: 1,
    insteadOfNot: () => 'expect(queries.findings).not.toEqual([])',
    check: (queries, [options], owner) =>
      checkNoFindings(queries, options as NoFindingsOptions | undefined, owner),
  },
  {
    name: 'toHaveNoNPlusOne',
    takes: 'either',
    values: 1,
    insteadOfNot: () => "expect(queries.findings.map(({ kind }) => kind)).toContain('n_plus_one')",
    check: (queries, [options], owner) =>
      checkNoLoops(queries, options as AcceptedFindings | undefined, owner),
  },
  {
    name: 'toHaveNoDuplicateQueries',
    takes: 'either',
    values: 1,
    insteadOfNot: () => "expect(queries.findings.map(({ kind }) => kind)).toContain('duplicate_query')",
    check: (queries, [options], owner) =>
      checkNoDuplicates(queries, options as AcceptedFindings | undefined, owner),
  },
  {
    name: 'toQuery',
    takes: 'captured queries',
    values: 1,
    check: (queries, [target], owner) => checkQueried(queries, target as string | RegExp, owner),
  },
  {
    name: 'toStayWithinBudget',
    takes: 'captured queries',
    values: 1,
    insteadOfNot: () => 'expect(queries).toHaveQueryCount({ min: … })',
    check: (queries, [options], owner, state) =>
      checkBudget(queries, testOfRunner(state), options as BudgetOptions | undefined, owner),
  },
  {
    name: 'toExecuteQueries',
    takes: 'a function',
    other: 'toHaveQueryCount(…)',
    values: 1,
    check: (queries, [expected], owner) => checkQueryCount(queries, expected as QueryCount, owner),
  },
  {
    name: 'toExecuteAtMostQueries',
    takes: 'a function',
    other: 'toHaveQueryCount({ max: … })',
    values: 1,
    insteadOfNot: ([max]) =>
      `await expect(() => …).toExecuteQueries({ min: ${typeof max === 'number' ? max + 1 : '…'} })`,
    check: (queries, [max], owner) => checkQueryCount(queries, { max: max as number }, owner),
  },
  {
    name: 'toExecuteNoQueries',
    takes: 'a function',
    other: 'toHaveQueryCount(0)',
    values: 0,
    insteadOfNot: () => 'await expect(() => …).toExecuteQueries({ min: 1 })',
    check: (queries, _, owner) => checkQueryCount(queries, 0, owner),
  },
  {
    name: 'toScaleConstantly',
    takes: 'a function',
    other: 'toHaveQueryCount(…)',
    values: 1,
    run: (work, [options], caller) => checkScaling(work, options as ScalingOptions | undefined, caller),
  },
]
