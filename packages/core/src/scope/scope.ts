import { AsyncLocalStorage } from 'node:async_hooks'

import { activated, type Activatable } from '../activate.js'
import { channels } from '../channels.js'
import { toEpochMillis } from '../clock.js'
import type { FindingOptions } from '../detect/finding-options.js'
import { closeDetectors, readFindingOptions, setFindingOptions } from '../detect/scope-detectors.js'
import { QuerylensError } from '../errors.js'
import { reportFault } from '../faults.js'
import { checkOptions, describeValue, optionRules } from '../options.js'
import { wakeDormantListeners } from '../dormant-listeners.js'
import { sharedState } from '../shared-state.js'

/** How a scope came to be: by {@link runInScope}, or by an HTTP request of a `node:http` server. */
export type ScopeKind = 'custom' | 'http'

/** A unit of work: an HTTP request, a job, a test. Queries are counted and judged within one. */
export interface Scope {
  /** Unique in this process, counted from 1. */
  readonly id: number
  readonly kind: ScopeKind
  /**
   * `nightly-report`, or for a request its route, `GET /orders/:id`, from the moment that Fastify or Express has
   * found it, and `GET /orders/…` before that and without them: never the value of an identifier.
   */
  name: string
  /** Whether the name is one of few, given by the application or by a route, rather than by what a client has sent. */
  isNamed: boolean
  /**
   * The scope that this one was opened in, as long as this one is open; a request has none. Each query belongs
   * to the innermost scope alone.
   */
  parent: Scope | undefined
  /** Milliseconds since the epoch. */
  readonly startTimeMillis: number
  /** Statements that the application sent; those that begin and end transactions are not counted. */
  queryCount: number
  failedQueryCount: number
  /** Summed over the queries, in milliseconds: more than the scope's own duration where they ran side by side. */
  queryDurationMillis: number
  /** A query that runs after the end of its scope belongs to none. */
  ended: boolean
}

/** The message of `querylens:scope:start`, published by {@link runInScope} before the work begins. */
export interface ScopeOpening extends Activatable {
  readonly scope: Scope
}

/** What a scope did, published once on `querylens:scope` when it ends. */
export interface ScopeSummary {
  readonly scope: Scope
  /** In milliseconds. */
  readonly durationMillis: number
  /** Whether the work of {@link runInScope} threw, or its promise was rejected; of a request it is not known. */
  readonly failed: boolean
  /** What it threw. */
  readonly error: unknown
}

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
