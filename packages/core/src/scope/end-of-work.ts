import { isNativeError as isError } from 'node:util/types'

import { refusalIn, type OpenScope } from './scope.js'

/** More causes are not read: a getter may make new ones without an end. */
const MAX_CAUSES = 1_000

/**
 * Ends the scope of work that has succeeded.
 *
 * @throws the error of the first call that Querylens has rejected, which the work has swallowed
 */
export function endWithSuccess(open: OpenScope): void {
  const refusal = refusalIn(open.scope)
  open.end(refusal)
  if (refusal !== undefined) throw refusal.error
}

/**
 * Ends the scope of work that has failed.
 *
 * @returns what the caller gets: the error of the first call that Querylens has rejected, with that of the work as its
 *   cause. The error of the work where no call was rejected, or where that error shows the rejection
 */
export function endWithError(open: OpenScope, error: unknown): unknown {
  const refusal = refusalIn(open.scope)
  open.end({ error })
  if (refusal === undefined || shows(error, refusal.error)) return error
  addCause(refusal.error, error)
  return refusal.error
}

/** Whether an error is another one, or has it among its causes. */
function shows(error: unknown, other: unknown): boolean {
  const seen = new Set([error])
  // The loop also visits what it adds.
  for (const at of seen) {
    if (at === other) return true
    if (typeof at !== 'object' || at === null || seen.size > MAX_CAUSES) continue
    for (const cause of [read(at, 'cause'), ...errorsOf(at)]) seen.add(cause)
  }
  return false
}

function errorsOf(error: object): readonly unknown[] {
  const errors = read(error, 'errors')
  return Array.isArray(errors) ? errors : []
}

/** A getter of the application may throw. */
function read(error: object, name: 'cause' | 'errors'): unknown {
  try {
    return (error as { readonly [Name in typeof name]?: unknown })[name]
  } catch {
    return undefined
  }
}

/** Keeps a cause that the refusal has got from a scope inside. The application may have frozen the refusal. */
function addCause(refusal: unknown, error: unknown): void {
  if (!isError(refusal) || read(refusal, 'cause') !== undefined) return
  Reflect.defineProperty(refusal, 'cause', { value: error, writable: true, configurable: true })
}
