import { processState } from '../process-state.js'
import { withDefaults, type GivenDetectOptions, type ResolvedDetectOptions } from './detect-options.js'

type Merged = WeakMap<ResolvedDetectOptions, ResolvedDetectOptions>

/** By outer and inner options: the detectors of a scope are found by the identity of their options. */
const merged = processState('mergedDetectOptions', () => new WeakMap<ResolvedDetectOptions, Merged>())

/**
 * The options that hold where `inner` ones are set inside `outer` ones: a field that `inner` sets overrides that of
 * `outer`, and its allowances are added.
 *
 * For a kind, the same holds: `true` switches it on with the limit of `outer`, and an object overrides single limits.
 *
 * @returns the same object for the same two objects
 */
export function mergeDetectOptions(
  outer: ResolvedDetectOptions,
  inner: ResolvedDetectOptions,
): ResolvedDetectOptions {
  let ofOuter = merged.get(outer)
  if (ofOuter === undefined) merged.set(outer, (ofOuter = new WeakMap()))
  let both = ofOuter.get(inner)
  if (both === undefined) ofOuter.set(inner, (both = merge(outer, inner)))
  return both
}

function merge(outer: ResolvedDetectOptions, inner: ResolvedDetectOptions): ResolvedDetectOptions {
  // No new object where one side sets nothing: databases with equal options share the detectors of a scope.
  if (isEmpty(inner)) return outer
  if (isEmpty(outer)) return inner
  const given: Record<string, unknown> = { ...outer.given }
  for (const [name, value] of Object.entries(inner.given)) given[name] = mergeValues(given[name], value)
  return withDefaults(given as GivenDetectOptions, [...new Set([...outer.allowances, ...inner.allowances])])
}

function isEmpty({ given, allowances }: ResolvedDetectOptions): boolean {
  return Object.keys(given).length === 0 && allowances.length === 0
}

/** @param inner is set. Only the options of kinds are objects or `true` */
function mergeValues(outer: unknown, inner: unknown): unknown {
  if (typeof outer !== 'object') return inner
  if (inner === true) return outer
  if (typeof inner !== 'object') return inner
  const limits: Record<string, unknown> = { ...outer }
  for (const [name, limit] of Object.entries(inner ?? {})) limits[name] = limit ?? limits[name]
  return limits
}
