import type { Scope } from '../messages/scope.js'
import { processState, stateOfAllRealms } from '../process-state.js'
import {
  demandsFindings,
  resolveDetectOptions,
  type DetectOptions,
  type ResolvedDetectOptions,
} from './detect-options.js'
import { mergeDetectOptions } from './merge-detect-options.js'
import { ScopeDetector } from './scope-detector.js'

const state = stateOfAllRealms('detectors', () => ({
  /** The detectors of a scope: one for all databases with the same options. */
  byScope: new WeakMap<Scope, ScopeDetector[]>(),
  /** Options that scopes were opened with, merged with those of the scopes around; `false` switches detection off. */
  scopeOptions: new WeakMap<Scope, ResolvedDetectOptions | false>(),
  hasScopeOptions: false,
  /** In how many open scopes their own options demand a warning or an error. */
  demandingScopes: 0,
}))

/** Whether the options of a database demand a warning or an error. */
const databases = processState('demandingDatabases', () => ({ isDemanded: false }))

/** The detectors of scopes that have ended after they rejected a call. */
const refusals = stateOfAllRealms('refusals', () => ({
  hasAny: false,
  byScope: new WeakMap<Scope, readonly ScopeDetector[]>(),
}))

/**
 * Reads a database's options, and notes whether they demand findings even if no one subscribes.
 *
 * @throws QuerylensError as {@link resolveDetectOptions} does
 */
export function useDetectOptions(
  owner: string,
  options: DetectOptions | boolean | undefined,
): ResolvedDetectOptions | undefined {
  const resolved = resolveDetectOptions(owner, options)
  if (resolved !== undefined && demandsFindings(resolved)) databases.isDemanded = true
  return resolved
}

/** Whether some options demand a warning or an error. A loop that was rejected may go on after its scope has ended. */
export function areFindingsDemanded(): boolean {
  return databases.isDemanded || state.demandingScopes > 0 || refusals.hasAny
}

/** Sets the options of a scope: the given ones, merged with those of the scope around it, by default its parent. */
export function setScopeOptions(
  scope: Scope,
  options: ResolvedDetectOptions | false | undefined,
  around: Scope | undefined = scope.parent,
): void {
  const inherited = around === undefined ? undefined : state.scopeOptions.get(around)
  const own = merged(inherited, options)
  if (own === undefined) return
  state.hasScopeOptions = true
  state.scopeOptions.set(scope, own)
  if (own !== false && demandsFindings(own)) state.demandingScopes++
}

/** Whether a scope was opened with the mode `throw`, or inside such a scope. */
export function throwsFindings(scope: Scope): boolean {
  const own = state.hasScopeOptions ? state.scopeOptions.get(scope) : undefined
  return own !== undefined && own !== false && own.mode === 'throw'
}

/** The options that hold in a scope; `undefined` where nothing is to be detected. */
export function optionsInScope(
  scope: Scope,
  ofDatabase: ResolvedDetectOptions | undefined,
): ResolvedDetectOptions | undefined {
  const own = state.hasScopeOptions ? state.scopeOptions.get(scope) : undefined
  return merged(ofDatabase, own) || undefined
}

/** Options inside others. `false` clears those around it: where detection is on again inside, it begins anew. */
function merged<Options extends ResolvedDetectOptions | false>(
  outer: Options | undefined,
  inner: Options | undefined,
): Options | ResolvedDetectOptions | undefined {
  if (inner === undefined) return outer
  if (inner === false || outer === undefined || outer === false) return inner
  return mergeDetectOptions(outer, inner)
}

/**
 * The detector that follows a scope with these options; made when it is first needed.
 *
 * @param capturesStacks whether it captures the stack of each statement, whatever the options say. @default false
 */
export function detectorOf(
  scope: Scope,
  options: ResolvedDetectOptions,
  capturesStacks = false,
): ScopeDetector {
  let ofScope = state.byScope.get(scope)
  if (ofScope === undefined) state.byScope.set(scope, (ofScope = []))
  for (const detector of ofScope) if (detector.options === options) return detector
  const detector = new ScopeDetector(scope, options, capturesStacks)
  ofScope.push(detector)
  return detector
}

/** The detector of a scope that has ended after it rejected a call: it rejects the rest of the same loop. */
export function refusingDetectorOf(
  scope: Scope,
  ofDatabase: ResolvedDetectOptions | undefined,
): ScopeDetector | undefined {
  if (!refusals.hasAny || !scope.ended) return undefined
  const options = optionsInScope(scope, ofDatabase)
  return refusals.byScope.get(scope)?.find((detector) => detector.options === options)
}

/** Closes the findings of a scope that has ended, and releases what its detectors remember. */
export function closeDetectors(scope: Scope, durationMillis: number): void {
  const own = state.hasScopeOptions ? state.scopeOptions.get(scope) : undefined
  if (own !== undefined && own !== false && demandsFindings(own)) state.demandingScopes--
  const ofScope = state.byScope.get(scope)
  if (ofScope === undefined) return
  state.byScope.delete(scope)
  for (const detector of ofScope) detector.close(durationMillis)
  const refusing = ofScope.filter(({ hasRefused }) => hasRefused)
  if (refusing.length === 0) return
  refusals.hasAny = true
  refusals.byScope.set(scope, refusing)
}
