import { AsyncLocalStorage } from 'node:async_hooks'

import { QuerylensError } from '../../errors.js'
import { describeWork } from '../../options.js'
import { processState } from '../../process-state.js'

const state = processState('withoutFindings', () => ({
  storage: new AsyncLocalStorage<boolean>(),
  used: false,
}))

/**
 * Runs code whose statements become part of no finding, and returns its result. Querylens still records, traces and
 * counts them, and after a write among them an earlier read may be repeated without a finding.
 *
 * It applies to everything that the code starts, also in other scopes, and ends when the code returns or throws.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` when `work` is no function
 *
 * @example
 * await withoutFindings(() => warmUpCache(db))
 */
export function withoutFindings<Result>(work: () => Result): Result {
  if (typeof work !== 'function') {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `withoutFindings(work) takes a function, but got ${describeWork(work)}.`,
    )
  }
  state.used = true
  return state.storage.run(true, () => {
    const result = work()
    // A lazy query starts when it is awaited: await it in here.
    return isLazy(result) ? (Promise.resolve(result) as Result) : result
  })
}

/** Whether this code runs inside {@link withoutFindings}. */
export function isWithoutFindings(): boolean {
  return state.used && state.storage.getStore() === true
}

function isLazy(value: unknown): boolean {
  return !(value instanceof Promise) && typeof (value as { then?: unknown } | null)?.then === 'function'
}
