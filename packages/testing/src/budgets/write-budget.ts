import { existsSync } from 'node:fs'

import { processState } from '@querylens/core/internal'

import { readBudgets, updateBudgets } from './budget-file.js'
import { noteRemoved, type BudgetUse } from './budget-news.js'
import { testFileOf } from './budgeted-test.js'
import { isSameBudget, lowerBudget, type Budget, type Budgets } from './budgets.js'

/** Writes what a test needs as its budget. */
export function writeBudget(use: BudgetUse): Budget {
  const { file, name, needed } = use
  const known = readBudgets(file)?.get(name)
  if (known === undefined || !isSameBudget(known, needed)) {
    updateBudgets(file, (budgets) => withBudget(budgets, name, needed))
    use.change = 'written'
  }
  return needed
}

/** Writes the first budget of a test. @returns the one that another process has written in the meantime, if there is one */
export function writeNewBudget(use: BudgetUse): Budget {
  const { file, name, needed } = use
  let accepted = needed
  updateBudgets(file, (budgets) => {
    accepted = budgets.get(name) ?? needed
    return withBudget(budgets, name, accepted)
  })
  use.change = 'written'
  return accepted
}

/** Lowers a budget to what its test needs. */
export function lowerToNeeded(use: BudgetUse): void {
  const { file, name, needed } = use
  const known = readBudgets(file)?.get(name)
  if (known === undefined || isSameBudget(known, lowerBudget(known, needed))) return
  updateBudgets(file, (budgets) => {
    const budget = budgets.get(name)
    return budget === undefined ? budgets : withBudget(budgets, name, lowerBudget(budget, needed))
  })
  use.change = 'lowered'
}

function withBudget(budgets: Budgets, name: string, budget: Budget): Budgets {
  return new Map(budgets).set(name, budget)
}

const pruned = processState('pruned budgets', () => new Set<string>())

/** Removes the budgets of test files that are gone, once in a process. */
export function pruneBudgets(file: string): void {
  if (pruned.has(file)) return
  pruned.add(file)
  const gone = new Set([...(readBudgets(file)?.keys() ?? [])].filter((name) => isGone(name, file)))
  if (gone.size === 0) return
  updateBudgets(file, (budgets) => new Map([...budgets].filter(([name]) => !gone.has(name))))
  noteRemoved(file, gone.size)
}

function isGone(name: string, file: string): boolean {
  const testFile = testFileOf(name, file)
  return testFile !== undefined && !existsSync(testFile)
}
