import { AsyncLocalStorage } from 'node:async_hooks'

import { clock, toEpochMillis } from '../clock.js'
import { closeDetectors } from '../findings/detectors-by-scope.js'
import { latestIds } from '../ids.js'
import { channels } from '../messages/channels.js'
import { reportFault } from '../messages/faults.js'
import type { Scope, ScopeKind } from '../messages/scope.js'
import type { Mutable } from '../mutable.js'
import { stateOfAllRealms } from '../process-state.js'
import type { Capture } from './capture.js'
import { startCounting, stopCounting } from './demand.js'

/** An open scope and the handle that ends it. */
export interface OpenScope {
  readonly scope: Mutable<Scope>
  /**
   * Closes its findings and publishes the summary; does nothing the second time.
   *
   * @param at by the monotonic clock. @default now
   */
  end(failure?: { readonly error: unknown }, at?: number): void
}

const state = stateOfAllRealms('scopes', () => ({
  storage: new AsyncLocalStorage<Mutable<Scope>>(),
  /** The property of a scope for its {@link ScopeDetails}. A `WeakMap` costs a request one to two microseconds. */
  details: Symbol('querylens.scope'),
}))

/** What is no part of the message. */
interface ScopeDetails {
  /** Finds the name of a request, while its route is not known. */
  findName: (() => string | undefined) | undefined
  /** By the monotonic clock. */
  endedAt: number | undefined
  /** The capture that follows it, which may have ended. */
  capture: Capture | undefined
  /** The first call of it that Querylens has rejected. */
  refusal: { readonly error: unknown } | undefined
}

function detailsOf(scope: object): ScopeDetails | undefined {
  return (scope as Readonly<Record<symbol, ScopeDetails | undefined>>)[state.details]
}

/** Names a scope by the result of `find` as soon as that is a string. */
export function nameByRoute(scope: Scope, find: () => string | undefined): void {
  const details = detailsOf(scope)
  if (details !== undefined) details.findName = find
}

/** The innermost scope that is open here, or `undefined`. A request gets the name of its route once that is known. */
export function currentScope(): Scope | undefined {
  const scope = enteredScope()
  return scope?.ended === false ? scope : undefined
}

/** The innermost scope in whose context this code runs, which may have ended. */
export function enteredScope(): Scope | undefined {
  const scope = state.storage.getStore()
  if (scope?.kind === 'http') findRoute(scope)
  return scope
}

/** Whether a scope may count a query that is sent here. Work of a scope that has ended may belong to a later one that counts. */
export function isCountedHere(): boolean {
  const scope = state.storage.getStore()
  return scope !== undefined && (scope.ended || scope.queryCount !== undefined)
}

/** Names a request by its route, if that is known by now. */
export function findRoute(scope: Scope): void {
  const name = detailsOf(scope)?.findName?.()
  if (name !== undefined) nameScope(scope, name)
}

/** Gives the scope of a request the name of its route. */
export function nameScope(scope: Mutable<Scope>, name: string): void {
  scope.name = name
  scope.isNamed = true
  const details = detailsOf(scope)
  if (details !== undefined) details.findName = undefined
}

/** Whether `scope`, or a scope that was opened in it and is open, is current here. */
export function isInside(scope: Scope): boolean {
  for (let at: Scope | undefined = state.storage.getStore(); at !== undefined; at = at.parent) {
    if (at === scope) return true
  }
  return false
}

/** Whether a scope has ended within the last `millis` milliseconds. */
export function hasEndedWithin(scope: Scope, millis: number): boolean {
  const endedAt = detailsOf(scope)?.endedAt
  return endedAt !== undefined && clock.now() - endedAt <= millis
}

/** The capture that a scope has begun or inherited. */
export function captureOfScope(scope: Scope): Capture | undefined {
  return detailsOf(scope)?.capture
}

export function setCapture(scope: Scope, capture: Capture): void {
  const details = detailsOf(scope)
  if (details !== undefined) details.capture = capture
}

/** Notes on a scope that Querylens has rejected a call of it. */
export function noteRefusal(scope: Scope | undefined, error: unknown): void {
  const details = scope === undefined ? undefined : detailsOf(scope)
  if (details !== undefined) details.refusal ??= { error }
}

/** The error of the first call in a scope that Querylens has rejected. */
export function refusalIn(scope: Scope): { readonly error: unknown } | undefined {
  return detailsOf(scope)?.refusal
}

/**
 * Opens a scope without entering it.
 *
 * @param parent none for a request: Node starts a pipelined request while the scope of the request before it is current
 */
export function openScope(
  kind: ScopeKind,
  name: string,
  parent: Scope | undefined = kind === 'http' ? undefined : currentScope(),
): OpenScope {
  const startedAt = clock.now()
  const counts = startCounting(kind)
  const figure = counts ? 0 : undefined
  const scope: Mutable<Scope> = {
    id: ++latestIds.scope,
    kind,
    name,
    isNamed: kind === 'custom',
    parent,
    startTimeMillis: toEpochMillis(startedAt),
    queryCount: figure,
    failedQueryCount: figure,
    queryDurationMillis: figure,
    ended: false,
  }
  const details: ScopeDetails = {
    findName: undefined,
    endedAt: undefined,
    capture: parent === undefined ? undefined : detailsOf(parent)?.capture,
    refusal: undefined,
  }
  Object.defineProperty(scope, state.details, { value: details })
  const end = (failure?: { readonly error: unknown }, at = clock.now()): void => {
    if (scope.ended) return
    // A request without queries has not been asked for its route.
    findRoute(scope)
    scope.ended = true
    if (counts) stopCounting()
    details.endedAt = at
    const durationMillis = at - startedAt
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
    // A chain of timers, each in its own scope, would otherwise keep all earlier scopes in memory.
    scope.parent = undefined
  }
  return { scope, end }
}

/** Makes `scope` current for the rest of this callback and everything that it starts. */
export function enterScope(scope: Scope): void {
  state.storage.enterWith(scope)
}

/** Makes `scope` current while `work` runs, and in everything that it starts. */
export function insideScope<Result>(scope: Scope, work: () => Result): Result {
  return state.storage.run(scope, work)
}
