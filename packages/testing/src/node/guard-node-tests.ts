import { AsyncResource, executionAsyncResource } from 'node:async_hooks'
import process from 'node:process'
import { afterEach, beforeEach, type TestContext } from 'node:test'

import { QuerylensError } from '@querylens/core'
import { processState } from '@querylens/core/internal'

import { GuardedTest } from '../guard/guarded-test.js'

/** What the copies of this package share. */
const state = processState('guardedNodeTests', () => ({
  isOn: false,
  /** By the context of each test: `undefined` until its function starts. */
  runs: new WeakMap<object, GuardedTest | undefined>(),
}))

/**
 * Makes `node:test` run the function of each test in a guard. A hook cannot do that: `beforeEach` leaves no asynchronous
 * context to the test.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` in another test runner
 */
export function guardNodeTests(): void {
  const { VITEST, JEST_WORKER_ID, NODE_TEST_CONTEXT } = process.env
  const other = VITEST !== undefined ? 'vitest' : JEST_WORKER_ID !== undefined ? 'jest' : undefined
  if (other !== undefined && NODE_TEST_CONTEXT === undefined) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `@querylens/testing/node/guard guards the tests of node:test. Use @querylens/testing/${other}/guard here.`,
    )
  }
  if (state.isOn) return
  state.isOn = true
  let isPatched = false
  beforeEach((context) => {
    if (!isPatched) patch(testPrototype())
    isPatched = true
    state.runs.set(context, undefined)
  })
  afterEach(end)
}

/** A test or a hook of `node:test`: a resource whose `runInAsyncScope` runs the function of the user. */
interface Runner {
  runInAsyncScope(this: Runner, work: Work, self: unknown, ...values: unknown[]): unknown
  /** Of a hook. */
  readonly hookType?: string | undefined
}
type Work = (this: unknown, ...values: unknown[]) => unknown

/** The prototype of all tests, found in a hook, whose class extends that of the tests. */
function testPrototype(): Runner | undefined {
  const hook = executionAsyncResource()
  const prototype: unknown = Object.getPrototypeOf(Object.getPrototypeOf(hook))
  const isTest = hook instanceof AsyncResource && prototype !== AsyncResource.prototype
  return isTest ? (prototype as Runner | undefined) : undefined
}

function patch(prototype: Runner | undefined): void {
  if (prototype === undefined) return
  const { runInAsyncScope } = prototype
  prototype.runInAsyncScope = function (work, self, ...values) {
    const [context] = values
    // The hooks of a test get the same context.
    if (!isTestContext(context) || this.hookType !== undefined) {
      return runInAsyncScope.call(this, work, self, ...values)
    }
    const guard = new GuardedTest(context.name)
    state.runs.set(context, guard)
    const guarded: Work = function (...args) {
      return guard.run(() => work.apply(this, args))
    }
    return runInAsyncScope.call(this, guarded, self, ...values)
  }
}

function isTestContext(value: unknown): value is TestContext {
  return typeof value === 'object' && value !== null && state.runs.has(value)
}

/** The result of a test, which the types of Node 22 do not have. */
interface TestResult {
  readonly error: unknown
  readonly passed: boolean
}

async function end(context: unknown): Promise<void> {
  const { error, passed } = context as TestResult
  const guard = state.runs.get(context as object)
  if (guard === undefined) {
    // The function of a test whose hooks failed has not run.
    if (!passed) return
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `The query guard cannot follow the tests: Node ${process.version} runs them in another way than the versions that it knows. Leave @querylens/testing/node/guard out, and assert with assertNoNPlusOne.`,
    )
  }
  const failure = await guard.end(error !== null && error !== undefined)
  if (failure === undefined) return
  // node:test drops the error of a hook if the test has failed itself.
  if (error === null || error === undefined) throw failure
  ;(context as TestContext).diagnostic(failure.message)
}
