import { processState } from '@querylens/core/internal'

/** All copies of this package share it. */
const state = processState('instrumentations', () => ({
  enabled: new Set<object>(),
  /** Which instrumentation writes to a provider. */
  owners: new WeakMap<object, object>(),
}))

/** Notes that an instrumentation is enabled, whether there is an SDK yet or not. */
export function noteEnabled(instrumentation: object): void {
  state.enabled.add(instrumentation)
}

/** Notes that an instrumentation is disabled. */
export function noteDisabled(instrumentation: object): void {
  state.enabled.delete(instrumentation)
}

/** Whether an instrumentation of Querylens is enabled in this process. */
export function isAnyEnabled(): boolean {
  return state.enabled.size > 0
}

/**
 * Makes an instrumentation the one that writes to a provider: a second one would send every span twice.
 *
 * @returns whether no other instrumentation writes to it
 */
export function claimProvider(provider: object, instrumentation: object): boolean {
  const owner = state.owners.get(provider)
  if (owner === undefined) state.owners.set(provider, instrumentation)
  return owner === undefined || owner === instrumentation
}

/** Takes back the claim of an instrumentation, if it has one. */
export function releaseProvider(provider: object, instrumentation: object): void {
  if (state.owners.get(provider) === instrumentation) state.owners.delete(provider)
}
