import { AsyncLocalStorage, AsyncResource, executionAsyncResource } from 'node:async_hooks'
import { isPromise } from 'node:util/types'

import { clock } from '../clock.js'
import { setScopeOptions } from '../findings/detectors-by-scope.js'
import type { Activatable } from '../messages/activate.js'
import { channels } from '../messages/channels.js'
import { reportFault } from '../messages/faults.js'
import type { Scope, ScopeOpening } from '../messages/scope.js'
import { processState } from '../process-state.js'
import { scopeOfProcess } from './captures.js'
import { currentScope, enteredScope, enterScope, hasEndedWithin, openScope, type OpenScope } from './scope.js'

/** A scope without a query for this long ends. */
const IDLE_MILLIS = 1_000
/**
 * Work that goes on so soon after the end of its scope is still a part of the same trace. All work in the context of an ended
 * scope that begins so soon after its first later scope belongs to that one.
 */
const SOON_MILLIS = 100
/** Work that never pauses gets another scope. */
const LONGEST_MILLIS = 60_000
/** More of them end the oldest. */
const MAX_OPEN = 1_000
const SUFFIX = ' (later)'

interface LaterScope extends OpenScope {
  /** By the monotonic clock. */
  readonly openedAt: number
  /** Connections in use or waited for, and statements that run. */
  operations: number
  /** When the last of them ended. */
  lastEndAt: number
  /** Whether `querylens:scope:start` is still to be published. */
  isUnannounced: boolean
}

const state = processState('laterScopes', () => ({
  open: new Map<Scope, LaterScope>(),
  /** The first later scope of a scope that has ended; `undefined` once that has ended, too. */
  first: new WeakMap<Scope, LaterScope | undefined>(),
}))

/**
 * The scope of a statement or a transaction that begins here.
 *
 * Where the current scope has ended, work goes on that nobody waited for: a handler after its response, a timer. It gets a
 * scope of its own, `<name> (later)`, which is current for all that follows in this context. Each tick of a timer begins in
 * the context in which the timer was set, and so has a scope of its own. Never throws.
 *
 * @param held the scope in which the caller has asked for its connection. Where Kysely asks after a wait, as it does for
 *   SQLite, the caller's context has not changed
 */
export function scopeOfOperation(held?: Scope): Scope | undefined {
  try {
    return findScope(held)
  } catch (fault) {
    reportFault('scope of later work', fault)
    return undefined
  }
}

/**
 * The scope of work that asks for a connection here, as {@link scopeOfOperation}. For a later scope it publishes
 * `querylens:scope:start`, so that a subscriber can begin a trace: with a timer the ended scope may be long ago. A statement
 * that waited for its connection, and work that goes right on, still belong to the trace of the ended scope.
 */
export function scopeOfAcquisition(): Scope | undefined {
  const scope = scopeOfOperation()
  if (scope?.kind !== 'later') return scope
  const later = state.open.get(scope)
  if (later?.isUnannounced !== true) return scope
  later.isUnannounced = false
  const opening: ScopeOpening & Activatable = { scope, activate: undefined }
  if (channels.scopeStart.hasSubscribers) channels.scopeStart.publish(opening)
  return scope
}

/** Keeps a later scope open until {@link operationEnds}. */
export function operationStarts(scope: Scope | undefined): void {
  if (scope?.kind !== 'later') return
  const later = state.open.get(scope)
  if (later !== undefined) later.operations++
}

export function operationEnds(scope: Scope | undefined): void {
  if (scope?.kind !== 'later') return
  const later = state.open.get(scope)
  if (later === undefined) return
  later.operations--
  later.lastEndAt = clock.now()
}

function findScope(held: Scope | undefined): Scope | undefined {
  const current = currentScope()
  if (current === undefined) {
    const ended = enteredScope()
    if (ended === undefined) return scopeOfProcess()
    return held?.kind === 'later' && !held.ended && held.parent === ended ? held : follow(ended)
  }
  if (current.kind === 'later') {
    const later = state.open.get(current)
    if (later !== undefined && clock.now() - later.openedAt > LONGEST_MILLIS) return follow(current)
  }
  return current
}

/** Finds or opens the scope for work that goes on in the context of `before`. */
function follow(before: Scope): Scope {
  const first = state.first.get(before)
  const isJoined = first?.scope.ended === false && clock.now() - first.openedAt < SOON_MILLIS
  const later = isJoined ? first : openLater(before)
  if (canEnter()) enterScope(later.scope)
  return later.scope
}

function openLater(before: Scope): LaterScope {
  const name = before.kind === 'later' ? before.name : before.name + SUFFIX
  const { scope, end } = openScope('later', name, before)
  scope.isNamed = before.isNamed
  setScopeOptions(scope, undefined)
  const openedAt = clock.now()
  const isUnannounced = before.kind === 'later' || !hasEndedWithin(before, SOON_MILLIS)
  const later: LaterScope = { scope, end, openedAt, operations: 0, lastEndAt: openedAt, isUnannounced }
  if (!state.first.has(before)) state.first.set(before, later)
  for (const oldest of state.open.values()) {
    if (state.open.size < MAX_OPEN) break
    endLater(oldest)
  }
  if (state.open.size === 0) watch()
  state.open.set(scope, later)
  return later
}

function endLater(later: LaterScope): void {
  const { scope } = later
  state.open.delete(scope)
  // A chain of later scopes must not keep its beginning in memory.
  if (scope.parent !== undefined && state.first.get(scope.parent) === later)
    state.first.set(scope.parent, undefined)
  later.end(undefined, later.operations > 0 ? undefined : later.lastEndAt)
}

/** A timer that is set in the context of a request would keep that context in memory. */
const outside = AsyncLocalStorage.snapshot()

/** Ends the later scopes that are idle, as long as there are any. */
function watch(): void {
  outside(() => {
    const timer = clock
      .setTimeout(() => {
        const now = clock.now()
        for (const later of state.open.values()) {
          if (later.operations === 0 && now - later.lastEndAt >= IDLE_MILLIS) endLater(later)
        }
        process.off('beforeExit', endAll)
        if (state.open.size > 0) watch()
      }, IDLE_MILLIS)
      .unref()
    const endAll = (): void => {
      clock.clearTimeout(timer)
      for (const later of state.open.values()) endLater(later)
    }
    // Before an SDK shuts down, so that findings have their final figures. The timer does not keep the process alive.
    process.prependOnceListener('beforeExit', endAll)
  })
}

let staysWithResource: boolean | undefined

/**
 * Whether a scope that is entered here stays with the work that runs now. Without `AsyncContextFrame` Node keeps it with the
 * object whose callback runs: for the next tick of an interval, and the next message on a connection.
 */
function canEnter(): boolean {
  if (staysWithResource === undefined) {
    const probe = new AsyncLocalStorage<boolean>()
    const resource = new AsyncResource('querylens.probe')
    resource.runInAsyncScope(() => probe.enterWith(true))
    staysWithResource = resource.runInAsyncScope(() => probe.getStore()) === true
    probe.disable()
  }
  return !staysWithResource || isPromise(executionAsyncResource())
}
