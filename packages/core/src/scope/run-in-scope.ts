import { isGeneratorObject } from 'node:util/types'

import { QuerylensError } from '../errors.js'
import {
  resolveDetectOptions,
  type DetectOptions,
  type ResolvedDetectOptions,
} from '../findings/detect-options.js'
import { setScopeOptions } from '../findings/detectors-by-scope.js'
import { activated, type Activatable } from '../messages/activate.js'
import { channels } from '../messages/channels.js'
import { wakeDormantListeners } from '../messages/dormant-listeners.js'
import type { Scope, ScopeOpening } from '../messages/scope.js'
import { checkOptions, describeValue, describeWork, optionRules } from '../options.js'
import { scopeOfProcess } from './captures.js'
import { endWithError, endWithSuccess } from './end-of-work.js'
import { followGenerator } from './generator-in-scope.js'
import { insideScope, openScope, type OpenScope } from './scope.js'

/** The options of {@link runInScope}. All are optional. */
export interface ScopeOptions {
  /**
   * What Querylens detects in this scope and those inside it. An object is merged with the options of each database, and of
   * the scopes around: a field that is set overrides theirs, and `allow` is added to theirs. `true` switches detection on,
   * with their options, or with the defaults where a database has `detect: false`. `false` switches it off.
   *
   * @default the options of each database, and of the scopes around
   */
  readonly detect?: DetectOptions | boolean | undefined
}

/**
 * Runs work in a new scope: a job, a message from a queue, a test. With an OpenTelemetry instrumentation it is
 * one trace: where no span is around it, it gets one.
 *
 * Returns the result of `work`, and ends the scope when `work` has returned or its promise has settled. A lazy query,
 * which starts when it is awaited, starts in here and comes back as a promise. A generator, or a promise of one, belongs to
 * the scope: all of its steps run in it, and it ends with the generator.
 *
 * @param name of low cardinality (`nightly-report`, not `report-4711`): it becomes an attribute of spans
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` when `name` is not a non-empty string, or `work` no function;
 *   for an unknown option, or a value that an option does not take
 * @throws FindingError in the mode `throw`, also where `work` has swallowed it. An error of `work` is its cause then. A
 *   generator throws it at its end
 *
 * @example
 * await runInScope('nightly-report', async () => {
 *   await writeReport(db)
 * })
 */
export function runInScope<Result>(name: string, work: () => Result, options?: ScopeOptions): Result {
  if (typeof name !== 'string' || name === '') {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `runInScope(name, work) takes a non-empty string as its name, but got ${describeValue(name)}.`,
    )
  }
  if (typeof work !== 'function') {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `runInScope(name, work) takes a function as its work, but got ${describeWork(work)}.`,
    )
  }
  const detect = readDetectOptions(options)
  const open = openScope('custom', name)
  const inside = announce(open.scope, detect)
  return inside(() => endWith(open, work, inside))
}

/**
 * Publishes that a scope opens.
 *
 * @returns a function that runs work in it, in the context that subscribers have chosen
 */
function announce(
  scope: Scope,
  detect: ResolvedDetectOptions | false | undefined,
): <Value>(step: () => Value) => Value {
  setScopeOptions(scope, detect, scope.parent ?? scopeOfProcess())
  wakeDormantListeners()
  const opening: ScopeOpening & Activatable = { scope, activate: undefined }
  if (channels.scopeStart.hasSubscribers) channels.scopeStart.publish(opening)
  return (step) => activated(opening, () => insideScope(scope, step))
}

/** Ends the scope with its work. */
function endWith<Result>(
  open: OpenScope,
  work: () => Result,
  inside: <Value>(step: () => Value) => Value,
): Result {
  let result: Result
  try {
    result = work()
  } catch (error) {
    throw endWithError(open, error)
  }
  if (!isThenable(result)) {
    endWithValue(open, result, inside)
    return result
  }
  // A thenable that is no promise, such as the lazy query of some query builders, may start its work each time that
  // `then` is called: call it once, in this scope. The caller gets a derived promise: to watch the application's own
  // would make a rejection that the application does not handle look handled.
  const promise = result instanceof Promise ? result : Promise.resolve(result)
  return promise.then(
    (value: unknown) => {
      endWithValue(open, value, inside)
      return value
    },
    (error: unknown) => {
      throw endWithError(open, error)
    },
  ) as Result
}

/** @throws the error of a call that Querylens has rejected and the work has swallowed */
function endWithValue(open: OpenScope, value: unknown, inside: <Value>(step: () => Value) => Value): void {
  // It reads no property, and so no getter of the application. It is true for async generators and those of other realms.
  if (isGeneratorObject(value)) followGenerator(value, open, inside)
  else endWithSuccess(open)
}

/** @returns `undefined` where the databases' own options hold */
function readDetectOptions(options: ScopeOptions | undefined): ResolvedDetectOptions | false | undefined {
  checkOptions<ScopeOptions>('runInScope()', options, { detect: optionRules.settings })
  const detect = options?.detect
  if (detect === undefined) return undefined
  return resolveDetectOptions('runInScope()', detect) ?? false
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'
}
