import { isPromise } from 'node:util/types'

import { QuerylensError } from '@querylens/core'
import { describeValue, isRecord } from '@querylens/core/internal'

import type { CapturedQueries } from '../recording/captured-queries.js'

/**
 * Checks what an assertion was called with.
 *
 * @param owner the assertion, as the user wrote it: `assertQueryCount()`
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if it is nothing that `captureQueries` resolved to
 */
export function checkCaptured(owner: string, value: unknown): asserts value is CapturedQueries {
  if (isCaptured(value)) return
  throw new QuerylensError('QUERYLENS_INVALID_ARGUMENT', `${owner} checks captured queries, ${wrong(value)}`)
}

/** Another copy of this package may have captured the queries, so their class says nothing. */
export function isCaptured(value: unknown): value is CapturedQueries {
  return (
    isRecord(value) && ['queries', 'findings', 'late', 'outside'].every((name) => Array.isArray(value[name]))
  )
}

function wrong(value: unknown): string {
  if (isThenable(value)) {
    // It may reject, and nobody else waits for it.
    Promise.resolve(value).catch(() => {})
    return 'but got a promise. Await it: const queries = await captureQueries(() => …).'
  }
  if (typeof value === 'function') {
    return 'but got a function. Capture its queries: const queries = await captureQueries(() => …).'
  }
  return `but got ${describeValue(value)}. Pass what captureQueries resolves to: const queries = await captureQueries(() => …).`
}

export function isThenable(value: unknown): boolean {
  return isPromise(value) || (isRecord(value) && typeof value['then'] === 'function')
}
