import { isGeneratorFunction } from 'node:util/types'

import { QuerylensError } from '@querylens/core'
import { hasMethod } from '@querylens/core/internal'

import { GuardedTest } from '../guard/guarded-test.js'
import type { CircusTest, CircusTestFunction } from './jest-circus.js'

type Done = (reason?: unknown) => void

/**
 * A function that runs the function of a test in a guard, and fails with the findings if the test itself has not failed. Jest
 * treats it as the original: by its number of parameters and by what it returns.
 */
export function guardTestFunction(
  test: CircusTest,
  original: CircusTestFunction,
  runs: WeakMap<CircusTest, GuardedTest>,
): CircusTestFunction {
  const start = (): GuardedTest => {
    const guard = new GuardedTest(test.name)
    // A test that has to fail stops at its error, and an error of the guard would let it pass.
    if (test.failing) guard.skip()
    runs.set(test, guard)
    return guard
  }
  if (original.length > 0) {
    return function (this: unknown, done: Done) {
      const guard = start()
      let isDone = false
      const whenDone: Done = (reason) => {
        if (isDone || reason) return done(reason)
        isDone = true
        void guard.end().then(done)
      }
      return guard.run(() => (original as (done: Done) => unknown).call(this, whenDone))
    }
  }
  // Under Jest, `async` functions that a transform has turned into generators are wrapped, and no generators.
  if (isGeneratorFunction(original)) {
    return () => {
      throw new QuerylensError(
        'QUERYLENS_INVALID_ARGUMENT',
        'The query guard cannot follow a test whose function is a generator: make it an async function.',
      )
    }
  }
  return function () {
    const guard = start()
    const returned = guard.run(() => original.call(this))
    // Jest refuses a value that is no promise.
    if (returned !== undefined && !hasMethod(returned, 'then')) return returned
    return Promise.resolve(returned).then(async () => {
      const failure = await guard.end()
      if (failure !== undefined) throw failure
    })
  }
}
