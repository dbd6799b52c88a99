import type { Scope, ScopeKind, ScopeOpening } from '../messages/scope.js'
import { AsyncLocalStorage } from 'node:async_hooks'

import { activated, type Activatable } from '../messages/activate.js'
import { channels } from '../messages/channels.js'
import { toEpochMillis } from '../clock.js'
import type { FindingOptions } from '../findings/policy/finding-options.js'
import { closeDetectors, readFindingOptions, setFindingOptions } from '../findings/detectors-by-scope.js'
import { QuerylensError } from '../errors.js'
import { reportFault } from '../messages/faults.js'
import { checkOptions, describeValue, optionRules } from '../options.js'
import { wakeDormantListeners } from '../messages/dormant-listeners.js'
import { sharedState } from '../shared-state.js'

/** How a scope differs from others. All optional. */
export interface ScopeOptions {
  /**
   * What is looked for in this scope and those inside it, in place of the databases' own options; `false` for nothing.
   *
   * @default the options of each database
   */
  readonly findings?: FindingOptions | boolean | undefined
}

/** An open scope and the handle that ends it. */
export interface OpenScope {
  readonly scope: Scope
  /** Publishes the summary; does nothing the second time. */
  end(failure?: { readonly error: unknown }): void
}

const storage = sharedState('scope-storage/1', () => new AsyncLocalStorage<Scope>())
const ids = sharedState('scope-ids/1', () => ({ last: 0 }))

/** How the name of a request is found out, as long as its route is not known. */
const routes = new WeakMap<Scope, () => string | undefined>()

/** Names a scope by what `find` returns, once that is something; `undefined` leaves the name as it is. */
export function nameByRoute(scope: Scope, find: (() => string | undefined) | undefined): void {
  if (find === undefined) routes.delete(scope)
  else routes.set(scope, find)
}

/** The innermost scope that is open here, or `undefined`; a request is named by its route as soon as that is known. */
export function currentScope(): Scope | undefined {
  const scope = storage.getStore()
  if (scope === undefined || scope.ended) return undefined
  if (scope.kind === 'http') {
    const name = routes.get(scope)?.()
    if (name !== undefined) {
      scope.name = name
      scope.isNamed = true
      routes.delete(scope)
    }
  }
  return scope
}

/**
 * Runs a unit of work in a scope of its own: a job, a message from a queue, a test. HTTP requests of
 * `node:http` servers open theirs by themselves. With an OpenTelemetry instrumentation it is one trace: where no span
 * is around it, it has one of its own.
 *
 * Returns what `work` returns, and ends the scope when `work` has returned or its promise has settled. A lazy
 * query that starts when it is awaited is started here, and returned as a promise.
 *
 * @param name of low cardinality (`nightly-report`, not `report-4711`): it becomes an attribute of spans
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` when `name` is not a non-empty string, or `work` no function;
 *   for an unknown option, or a value that an option does not take
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
      `runInScope(name, work) takes a function as its work, but got ${describeValue(work)}.`,
    )
  }
  const findings = scopeFindings(options)
  const open = openScope('custom', name)
  setFindingOptions(open.scope, findings)
  wakeDormantListeners()
  const opening: ScopeOpening = { scope: open.scope, activate: undefined }
  if (channels.scopeStart.hasSubscribers) channels.scopeStart.publish(opening)
  return activated(opening, () => storage.run(open.scope, () => settle(open, work)))
}

/** Ends the scope with its work. */
function settle<Result>(open: OpenScope, work: () => Result): Result {
  let result: Result
  try {
    result = work()
  } catch (error) {
    open.end({ error })
    throw error
  }
  if (!isThenable(result)) {
    open.end()
    return result
  }
  // What is no promise, such as the lazy query of some query builders, may start its work each time that
  // `then` is called: once, and in this scope. A promise derived from it is returned, because to watch the
  // application's own would make a rejection that nobody handles look handled.
  const promise = result instanceof Promise ? result : Promise.resolve(result)
  return promise.then(
    (value: unknown) => {
      open.end()
      return value
    },
    (error: unknown) => {
      open.end({ error })
      throw error
    },
  ) as Result
}

/** Opens a scope without entering it. */
export function openScope(kind: ScopeKind, name: string): OpenScope {
  const startedAt = performance.now()
  const scope: Scope = {
    id: ++ids.last,
    kind,
    name,
    isNamed: kind === 'custom',
    // Of two pipelined requests Node starts the second while the first is current.
    parent: kind === 'http' ? undefined : currentScope(),
    startTimeMillis: toEpochMillis(startedAt),
    queryCount: 0,
    failedQueryCount: 0,
    queryDurationMillis: 0,
    ended: false,
  }
  const end = (failure?: { readonly error: unknown }): void => {
    if (scope.ended) return
    scope.ended = true
    const durationMillis = performance.now() - startedAt
    try {
      closeDetectors(scope, durationMillis)
    } catch (fault) {
      reportFault('closing the findings of a scope', fault)
    }
    if (channels.scope.hasSubscribers) {
      channels.scope.publish({
        scope,
        durationMillis,
        failed: failure !== undefined,
        error: failure?.error,
      })
    }
    // A timer that starts the next one in its own scope would keep all that came before.
    scope.parent = undefined
  }
  return { scope, end }
}

/** Makes `scope` current for the rest of this callback and all that it starts. */
export function enterScope(scope: Scope): void {
  storage.enterWith(scope)
}

function scopeFindings(options: ScopeOptions | undefined): ReturnType<typeof readFindingOptions> | false {
  checkOptions<ScopeOptions>('runInScope()', options, { findings: optionRules.settings })
  const findings = options?.findings
  if (findings === undefined) return undefined
  return readFindingOptions('runInScope()', findings) ?? false
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function'
}
