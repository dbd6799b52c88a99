import { createRequire } from 'node:module'

import { QuerylensError } from '@querylens/core'
import * as vitest from 'vitest'
import type { RunnerTestCase } from 'vitest'

import { reportBaseline } from '../guard/baseline-news.js'
import { GuardedTest } from '../guard/guarded-test.js'

/** The part of Vitest's runner that the guard needs. */
interface Runner {
  /** Runs the function of a test, in place of Vitest, without its hooks. */
  runTask?: ((test: RunnerTestCase) => Promise<void>) | undefined
}
type TestFunction = () => unknown
type FindFunction = (test: RunnerTestCase) => TestFunction | undefined

const GUARDED: unique symbol = Symbol.for('querylens.guardedTests')

/**
 * Makes the runner run the function of each test in a guard. A hook cannot do that: `beforeEach` leaves no asynchronous context
 * to the test, and `aroundEach` has the loops of other hooks inside.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` where Vitest has no such runner
 */
export function guardVitest(): void {
  const { runner, findFunction } = findRunner()
  const guarded = ((runner as { [GUARDED]?: WeakSet<RunnerTestCase> })[GUARDED] ??= patch(
    runner,
    findFunction,
  ))
  vitest.afterAll(reportBaseline)
  vitest.afterEach(({ task }) => {
    // A runner of the user's may run tests by itself. The function of a test whose hooks failed has not run.
    if (task.result?.state !== 'pass' || guarded.has(task)) return
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      'The query guard cannot follow the tests: the option `runner` of Vitest names a runner that runs them by itself. Let it extend the TestRunner of Vitest and leave runTask to that.',
    )
  })
}

function patch(runner: Runner, findFunction: FindFunction): WeakSet<RunnerTestCase> {
  const guarded = new WeakSet<RunnerTestCase>()
  const inner = runner.runTask
  runner.runTask = async function (test) {
    guarded.add(test)
    const guard = new GuardedTest(test.name)
    // A test that has to fail stops at its error, and an error of the guard would let it pass.
    if (test.fails === true) guard.skip()
    const run = inner === undefined ? findFunction(test) : () => inner.call(this, test)
    try {
      await guard.run(async () => await run?.())
    } catch (error) {
      const failure = await guard.end(true)
      // Vitest shows each error of a list. A test that skips itself throws.
      throw failure === undefined || isSkip(error) ? error : [error, failure]
    }
    const failure = await guard.end()
    if (failure !== undefined) throw failure
  }
  return guarded
}

function isSkip(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'VITEST_PENDING'
}

/** The class of Vitest's runner, and how to find the function of a test. Before Vitest 4.1 they are in other entries. */
function findRunner(): { readonly runner: Runner; readonly findFunction: FindFunction } {
  const { TestRunner } = vitest as Partial<Pick<typeof vitest, 'TestRunner'>>
  if (typeof TestRunner?.getTestFn === 'function') {
    return { runner: TestRunner.prototype as Runner, findFunction: TestRunner.getTestFn as FindFunction }
  }
  // An import would be resolved by Vite, which fails where an entry does not exist.
  const load = createRequire(import.meta.url)
  const runners = optional(
    () => load('vitest/runners') as { readonly VitestTestRunner?: { prototype: Runner } },
  )
  const suite = optional(() => load('vitest/suite') as { readonly getFn?: FindFunction })
  if (runners?.VitestTestRunner === undefined || suite?.getFn === undefined) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      'The query guard cannot follow the tests: this version of Vitest has no test runner that it knows. Use Vitest 3 or later.',
    )
  }
  return { runner: runners.VitestTestRunner.prototype, findFunction: suite.getFn }
}

function optional<Value>(load: () => Value): Value | undefined {
  try {
    return load()
  } catch {
    return undefined
  }
}
