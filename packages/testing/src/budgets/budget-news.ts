import process from 'node:process'

import { processState } from '@querylens/core/internal'

import { isSameBudget, joinBudget, lowerBudget, type Budget } from './budgets.js'

/** What one budget had to allow, in all runs of its test in this process. */
export interface BudgetUse {
  /** The file of budgets, as the user named it. */
  readonly file: string
  readonly name: string
  /** What the file held before; `undefined` where it had no budget of the test. */
  readonly budget: Budget | undefined
  /** What the captures of the test need. */
  needed: Budget
  /** What happened to the budget in the file. */
  change: 'none' | 'written' | 'lowered'
  isExceeded: boolean
  /** The message of a loop that the budget now allows. */
  loop: string | undefined
  isReported: boolean
}

const state = processState('budget news', () => ({
  uses: new Map<string, BudgetUse>(),
  /** The number of budgets that were removed, by file. */
  removed: new Map<string, number>(),
  listens: false,
}))

/** Notes what a capture needs of its budget. @returns what all captures of the test in this process need */
export function noteUse(file: string, name: string, budget: Budget | undefined, needed: Budget): BudgetUse {
  reportAtExit()
  const key = `${file}\n${name}`
  const known = state.uses.get(key)
  if (known !== undefined) {
    known.needed = joinBudget(known.needed, needed)
    return known
  }
  const use: BudgetUse = {
    file,
    name,
    budget,
    needed,
    change: 'none',
    isExceeded: false,
    loop: undefined,
    isReported: false,
  }
  state.uses.set(key, use)
  return use
}

export function noteRemoved(file: string, count: number): void {
  if (count > 0) state.removed.set(file, count + (state.removed.get(file) ?? 0))
}

function reportAtExit(): void {
  if (state.listens) return
  state.listens = true
  process.once('exit', reportBudgets)
}

/**
 * Prints what has happened to budgets since the last report, and which of them are higher than needed. The entry points for
 * runners call it after each test file; otherwise it happens when the process exits.
 */
export function reportBudgets(): void {
  for (const line of takeNews()) process.stderr.write(`querylens: ${line}\n`)
}

/** The lines of the next report. */
export function takeNews(): readonly string[] {
  const uses = [...state.uses.values()].filter(({ isReported }) => !isReported)
  for (const use of uses) use.isReported = true
  const removed = [...state.removed]
  state.removed.clear()
  return [
    ...[...Map.groupBy(uses, ({ file }) => file)].flatMap(([file, ofFile]) => describeUses(file, ofFile)),
    ...removed.map(([file, count]) => `removed ${budgetsOf(count)} from ${file}: the test files are gone.`),
  ]
}

function describeUses(file: string, uses: readonly BudgetUse[]): readonly string[] {
  const lines: string[] = []
  const written = uses.filter(({ change }) => change === 'written')
  if (written.length > 0) lines.push(`wrote ${budgetsOf(written.length)} to ${file}.`)
  for (const { name, loop } of written.filter((use) => use.loop !== undefined).slice(0, MAX_LOOPS)) {
    lines.push(`the budget of ${JSON.stringify(name)} allows a loop: ${loop}`)
  }
  const lowered = uses.filter(({ change }) => change === 'lowered')
  if (lowered.length > 0) lines.push(`lowered ${budgetsOf(lowered.length)} in ${file}.`)
  const [example, ...others] = uses.filter(isImproved)
  if (example !== undefined) {
    const more = others.length === 0 ? '' : ` and ${testsOf(others.length)} more`
    lines.push(
      `${JSON.stringify(example.name)}${more} need${more === '' ? 's' : ''} less than the budget in ${file} (${describeGain(example)}). Lower it with QUERYLENS_BUDGETS=lower.`,
    )
  }
  return lines
}

const MAX_LOOPS = 3

function isImproved({ budget, needed, change, isExceeded }: BudgetUse): boolean {
  if (budget === undefined || change !== 'none' || isExceeded) return false
  return !isSameBudget(budget, lowerBudget(budget, needed))
}

/** `20x → 1x select authors` */
function describeGain({ budget = new Map(), needed }: BudgetUse): string {
  const gains = [...budget].map(([shape, max]) => ({ shape, max, count: needed.get(shape) ?? 0 }))
  const [{ shape, max, count } = { shape: '', max: 0, count: 0 }] = gains.toSorted(
    (one, other) => other.max - other.count - (one.max - one.count),
  )
  return `${max}x → ${count}x ${shape}`
}

function budgetsOf(count: number): string {
  return count === 1 ? 'the budget of 1 test' : `the budgets of ${testsOf(count)}`
}

function testsOf(count: number): string {
  return `${count} test${count === 1 ? '' : 's'}`
}
