import { checkOptions, isRecord, optionRules } from '@querylens/core/internal'

import { unawaitedVerdict } from '../assertions/awaited.js'
import { checkCaptured } from '../assertions/captured-argument.js'
import type { Verdict } from '../assertions/verdict.js'
import { nearestFile } from '../files/nearest-file.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import { describeExceeded, describeMissing, describeNone, describeWithin } from './budget-failure.js'
import { readBudgets } from './budget-file.js'
import { budgetMode } from './budget-mode.js'
import { noteUse } from './budget-news.js'
import { budgetName, type BudgetedTest } from './budgeted-test.js'
import { isWithin, nearestWithin } from './budgets.js'
import { countShapes } from './shape-of-query.js'
import { lowerToNeeded, pruneBudgets, writeBudget, writeNewBudget } from './write-budget.js'

/** The options of `toStayWithinBudget` and `assertWithinBudget`. All are optional. */
export interface BudgetOptions {
  /**
   * The path of the file of budgets.
   *
   * @default the nearest 'querylens.budgets.json' in the folder of the test file and those above it, or else in the working
   *   directory of the process
   */
  readonly file?: string | undefined
  /** Tells the captures of one test apart in the file. @default '2' for the second one, and so on */
  readonly label?: string | undefined
}

/**
 * Checks the queries of a capture with the budget of its test, which says how often each statement may run. The environment
 * variable `QUERYLENS_BUDGETS` decides whether that is written; see {@link budgetMode}.
 *
 * A capture without queries fails, unless the file holds an empty budget of the test.
 *
 * @param test with its file, or the name of the budget in the file
 * @param owner the assertion, as the user wrote it
 * @throws QuerylensError `QUERYLENS_FILE` if the file cannot be read or written, or holds something else: it stays as it is
 *   then; `QUERYLENS_INVALID_OPTION` for a `QUERYLENS_BUDGETS` that does not exist; `QUERYLENS_INVALID_ARGUMENT` without the
 *   name of a test, or for anything else than captured queries; for an unknown option or a value that an option does not take
 */
export function checkBudget(
  queries: CapturedQueries,
  test: string | BudgetedTest,
  options?: BudgetOptions,
  owner = 'toStayWithinBudget()',
): Verdict {
  checkCaptured(owner, queries)
  checkOptions<BudgetOptions>(owner, options, { file: optionRules.text, label: optionRules.text })
  const unawaited =
    queries.count === 0 ? undefined : unawaitedVerdict('whether the queries stay within the budget', queries)
  if (unawaited !== undefined) return unawaited
  // Without TypeScript it may be anything.
  const testFile = isRecord(test) ? (test as BudgetedTest).file : undefined
  const file = options?.file ?? nearestFile('querylens.budgets.json', testFile)
  const name = budgetName(test, options?.label, { file, queries })
  const mode = budgetMode()
  if (mode === 'lower') pruneBudgets(file)
  const known = readBudgets(file)?.get(name)
  const counts = countShapes(queries)
  const subject = { queries, file, name, testFile }
  if (counts.size === 0) {
    const pass = known?.size === 0
    return {
      pass,
      failsNegated: !pass,
      message: () => (pass ? describeWithin(subject) : describeNone(subject)),
    }
  }
  const use = noteUse(file, name, known, counts)
  const budget = mode === 'write' ? writeBudget(use) : mode === 'new' ? (known ?? writeNewBudget(use)) : known
  const pass = budget !== undefined && isWithin(counts, budget)
  if (use.change === 'written') use.loop ??= loopOf(queries)
  if (!pass) use.isExceeded = true
  else if (mode === 'lower') lowerToNeeded(use)
  return {
    pass,
    message: () =>
      budget === undefined
        ? describeMissing(subject)
        : pass
          ? describeWithin(subject)
          : describeExceeded(subject, budget),
    actual: Object.fromEntries(counts),
    expected: Object.fromEntries(nearestWithin(counts, budget ?? new Map())),
  }
}

/** The message of a finding that a budget should not hide from the person who writes it. */
function loopOf({ findings }: CapturedQueries): string | undefined {
  return findings.find(({ kind }) => kind === 'n_plus_one' || kind === 'n_plus_one_write')?.message
}
