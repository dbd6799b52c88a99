import { AsyncLocalStorage } from 'node:async_hooks'

import { QuerylensError } from '../../errors.js'
import { describeValue } from '../../options.js'
import { sharedState } from '../../shared-state.js'

const state = sharedState('ignore/1', () => ({ storage: new AsyncLocalStorage<boolean>(), used: false }))

/**
 * Runs code whose statements become part of no finding, and returns what it returns. They are still recorded,
 * traced and counted in their scope, and a write among them still makes an earlier read worth repeating.
 *
 * Holds for all that the code starts, also in other scopes; ends with it, whatever it throws.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` when `work` is no function
 *
 * @example
 * await ignore(() => warmUpCache(db))
 */
export function ignore<Result>(work: () => Result): Result {
  if (typeof work !== 'function') {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `ignore(work) takes a function, but got ${describeValue(work)}.`,
    )
  }
  state.used = true
  return state.storage.run(true, () => {
    const result = work()
    // A lazy query starts when it is awaited: here, and not outside.
    return isLazy(result) ? (Promise.resolve(result) as Result) : result
  })
}

/** Whether this code runs inside of {@link ignore}. */
export function isIgnoring(): boolean {
  return state.used && state.storage.getStore() === true
}

function isLazy(value: unknown): boolean {
  return !(value instanceof Promise) && typeof (value as { then?: unknown } | null)?.then === 'function'
}
