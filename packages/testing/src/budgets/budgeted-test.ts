import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { QuerylensError } from '@querylens/core'
import { describeValue, isRecord, processState } from '@querylens/core/internal'

import type { CapturedQueries } from '../recording/captured-queries.js'

/** A test that has a budget. */
export interface BudgetedTest {
  /** The path or the URL of its file. @default none */
  readonly file?: string | undefined
  /** Its name with those of the suites around it, as the runner joins them. */
  readonly name: string
  /**
   * Tells tests of one name apart: two of them would share a budget, so the second one is refused.
   *
   * @default not checked
   */
  readonly identity?: unknown
  /** Differs between the attempts of a test that is retried or repeated. @default told from `sequence` */
  readonly attempt?: unknown
  /**
   * A number that grows with each assertion of one attempt, such as `assertionCalls` of Jest and Vitest.
   *
   * @default all captures of the test share one budget, unless it has an `attempt`
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
  /** Of Jest: the test, also a concurrent one. @default none in an older version of Jest */
  readonly currentTestIdentity?: (() => { readonly invocations?: number } | undefined) | undefined
  /** Of Vitest: the test. */
  readonly task?:
    | {
        readonly id?: string
        readonly result?: { readonly retryCount?: number; readonly repeatCount?: number } | undefined
      }
    | undefined
  /** Grows during a run of the test. */
  readonly assertionCalls?: number | undefined
}

/** The test that has called a matcher. */
export function testOfRunner(state: RunnerState): BudgetedTest {
  const { testPath, currentTestName, assertionCalls, task } = state
  const name = state.currentConcurrentTestName?.() ?? currentTestName ?? ''
  const test = { file: testPath, name, sequence: assertionCalls }
  if (task?.id !== undefined) {
    const { retryCount = 0, repeatCount = 0 } = task.result ?? {}
    return { ...test, identity: task.id, attempt: `${retryCount} ${repeatCount}` }
  }
  const identity = state.currentTestIdentity?.()
  return identity === undefined ? test : { ...test, identity, attempt: identity.invocations }
}

/** The captures of one test that had a budget, in the attempt that runs. */
interface Captures {
  readonly identity: unknown
  readonly attempt: unknown
  readonly numbers: WeakMap<CapturedQueries, number>
  sequence: number
  count: number
}

const captures = processState('budgeted tests', () => new Map<string, Captures>())

/**
 * The name of a test in a file of budgets: `test/books.test.ts > books > lists books`. The second capture of a test has ` #2` at
 * the end, and a capture with a label that.
 *
 * @param subject the file of budgets, at whose folder the path of the test begins; a capture keeps its number
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` without the name of a test, and for a second test of the same name
 */
export function budgetName(
  test: string | BudgetedTest,
  label: string | undefined,
  subject: { readonly file: string; readonly queries: CapturedQueries },
): string {
  checkTest(test)
  if (typeof test === 'string') return label === undefined ? test : `${test} #${label}`
  const path = test.file === undefined ? '' : `${pathFrom(subject.file, test.file)} > `
  const name = `${path}${test.name}${label === undefined ? '' : ` #${label}`}`
  const count = numberOf(`${resolve(subject.file)} ${name}`, test, subject.queries)
  return label !== undefined || count === 1 ? name : `${name} #${count}`
}

function checkTest(test: unknown): void {
  const name = isRecord(test) ? test['name'] : test
  if (typeof name === 'string' && name !== '') return
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `A budget belongs to a test, so it needs the name of one, but got ${describeValue(name)}. In node:test, pass the context of the test: assertWithinBudget(queries, { test: t }). In a concurrent test of Vitest, take expect from the context of the test.`,
  )
}

/** The number of a capture among those of its test, in the attempt that runs. */
function numberOf(name: string, test: BudgetedTest, queries: CapturedQueries): number {
  const { identity, attempt, sequence = 0 } = test
  let known = captures.get(name)
  if (known !== undefined && identity !== undefined && identity !== known.identity) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `Two tests have the name ${JSON.stringify(test.name)}, so that they would share a budget. Give one another name, or its budget a label: toStayWithinBudget({ label: '…' }).`,
    )
  }
  const isSame = attempt === undefined ? sequence > (known?.sequence ?? 0) : attempt === known?.attempt
  if (known === undefined || !isSame) {
    known = { identity, attempt, numbers: new WeakMap(), sequence, count: 0 }
    captures.set(name, known)
  }
  known.sequence = sequence
  const number = known.numbers.get(queries) ?? ++known.count
  known.numbers.set(queries, number)
  return number
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
