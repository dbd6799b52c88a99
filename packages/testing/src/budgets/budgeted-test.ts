import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { QuerylensError } from '@querylens/core'
import { describeValue, isRecord, processState } from '@querylens/core/internal'

/** A test that has a budget. */
export interface BudgetedTest {
  /** The path or the URL of its file. @default none */
  readonly file?: string | undefined
  /** Its name with those of the suites around it, as the runner joins them. */
  readonly name: string
  /**
   * A number that grows with each assertion of one run of the test, such as `assertionCalls` of Jest and Vitest: it tells the
   * second capture of a test from the first one of a retry.
   *
   * @default all captures of the test share one budget
   */
  readonly sequence?: number | undefined
}

/** What Jest and Vitest pass to a matcher, as a part of `this`. */
export interface RunnerState {
  readonly testPath?: string | undefined
  /** `''` where the runner cannot tell which test has called, as with the global `expect` in a concurrent test. */
  readonly currentTestName?: string | undefined
  /** Of Jest: the name of a concurrent test, where `currentTestName` is that of the one that has started last. */
  readonly currentConcurrentTestName?: (() => string | undefined) | undefined
  /** Grows during a run of the test. */
  readonly assertionCalls?: number | undefined
}

/** The test that has called a matcher. */
export function testOfRunner(state: RunnerState): BudgetedTest {
  const name = state.currentConcurrentTestName?.() ?? state.currentTestName ?? ''
  return { file: state.testPath, name, sequence: state.assertionCalls }
}

/** The captures of one test that had a budget. */
interface Captures {
  sequence: number
  count: number
}

const captures = processState('budgeted tests', () => new Map<string, Captures>())

/**
 * The name of a test in a file of budgets: `test/books.test.ts > books > lists books`. The second capture of a test has ` #2` at
 * the end, and a capture with a label that.
 *
 * @param file the file of budgets: the path of the test begins at its folder
 */
export function budgetName(test: string | BudgetedTest, label: string | undefined, file: string): string {
  checkTest(test)
  if (typeof test === 'string') return label === undefined ? test : `${test} #${label}`
  const name = test.file === undefined ? test.name : `${pathFrom(file, test.file)} > ${test.name}`
  if (label !== undefined) return `${name} #${label}`
  const count = test.sequence === undefined ? 1 : numberOf(`${resolve(file)} ${name}`, test.sequence)
  return count === 1 ? name : `${name} #${count}`
}

function checkTest(test: unknown): void {
  const name = isRecord(test) ? test['name'] : test
  if (typeof name === 'string' && name !== '') return
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `A budget belongs to a test, so it needs the name of one, but got ${describeValue(name)}. In node:test, pass the context of the test: assertWithinBudget(queries, { test: t }). In a concurrent test of Vitest, take expect from the context of the test.`,
  )
}

function numberOf(name: string, sequence: number): number {
  const known = captures.get(name)
  const count = known === undefined || sequence <= known.sequence ? 1 : known.count + 1
  captures.set(name, { sequence, count })
  return count
}

/** The path of a test file, the same on every machine and system. */
function pathFrom(file: string, test: string): string {
  const path = test.startsWith('file:') ? fileURLToPath(test) : test
  return relative(dirname(resolve(file)), resolve(path)).replaceAll('\\', '/')
}

/** The test file that the name of a budget begins with; `undefined` for a name without one. */
export function testFileOf(name: string, file: string): string | undefined {
  const [path = ''] = name.split(' > ', 1)
  return /\.[cm]?[jt]sx?$/.test(path) ? resolve(dirname(resolve(file)), path) : undefined
}
