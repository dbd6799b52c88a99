import type { Scope } from '../messages/scope.js'
import { sharedState } from '../shared-state.js'
import {
  resolveFindingOptions,
  type FindingOptions,
  type ResolvedFindingOptions,
} from './policy/finding-options.js'
import { ScopeDetector } from './scope-detector.js'

/** Of a scope: mostly one, but as many as there are databases with options of their own. */
const detectors = sharedState('detectors/1', () => new WeakMap<Scope, ScopeDetector[]>())

let defaults: ResolvedFindingOptions | undefined

/** Options that a scope was opened with, rather than those of a database; `false`: nothing is looked for. */
const ofScopes = sharedState('finding-options/2', () => ({
  options: new WeakMap<Scope, ResolvedFindingOptions | false>(),
  used: false,
  /** Whether a database's options ask for a warning or an error, and in how many open scopes their own do. */
  isDemanded: false,
  demandingScopes: 0,
}))

/**
 * Reads a database's options, and notes whether they want findings even if nobody subscribes.
 *
 * @throws QuerylensError as {@link resolveFindingOptions} does
 */
export function useFindingOptions(
  owner: string,
  options: FindingOptions | boolean | undefined,
): ResolvedFindingOptions | undefined {
  const resolved = readFindingOptions(owner, options)
  if (resolved !== undefined && demands(resolved)) ofScopes.isDemanded = true
  return resolved
}

/**
 * Reads options, without any consequence.
 *
 * @throws QuerylensError as {@link resolveFindingOptions} does
 */
export function readFindingOptions(
  owner: string,
  options: FindingOptions | boolean | undefined,
): ResolvedFindingOptions | undefined {
  if (options === false) return undefined
  // One object for all: databases with the same options share what is known of a scope.
  if (options === undefined || options === true) return (defaults ??= resolveFindingOptions(owner, undefined))
  return resolveFindingOptions(owner, options)
}

/** Whether some options ask for a warning or an error. */
export function areFindingsDemanded(): boolean {
  return ofScopes.isDemanded || ofScopes.demandingScopes > 0
}

/** Gives a scope options of its own, or those that it inherits. */
export function setFindingOptions(scope: Scope, options: ResolvedFindingOptions | false | undefined): void {
  const inherited = scope.parent === undefined ? undefined : ofScopes.options.get(scope.parent)
  const own = options ?? inherited
  if (own === undefined) return
  ofScopes.used = true
  ofScopes.options.set(scope, own)
  if (own !== false && demands(own)) ofScopes.demandingScopes++
}

/** The options that hold in a scope. */
export function findingOptionsOf(
  scope: Scope,
  ofDatabase: ResolvedFindingOptions | undefined,
): ResolvedFindingOptions | undefined {
  const own = ofScopes.used ? ofScopes.options.get(scope) : undefined
  return own === false ? undefined : (own ?? ofDatabase)
}

/** The detector that follows a scope with these options; made when it is first needed. */
export function detectorOf(scope: Scope, options: ResolvedFindingOptions): ScopeDetector {
  let ofScope = detectors.get(scope)
  if (ofScope === undefined) detectors.set(scope, (ofScope = []))
  for (const detector of ofScope) if (detector.options === options) return detector
  const detector = new ScopeDetector(scope, options)
  ofScope.push(detector)
  return detector
}

/** Closes the findings of a scope that has ended, and lets go of what was remembered for it. */
export function closeDetectors(scope: Scope, durationMillis: number): void {
  const own = ofScopes.used ? ofScopes.options.get(scope) : undefined
  if (own !== undefined && own !== false && demands(own)) ofScopes.demandingScopes--
  const ofScope = detectors.get(scope)
  if (ofScope === undefined) return
  detectors.delete(scope)
  for (const detector of ofScope) detector.close(durationMillis)
}

function demands({ mode }: ResolvedFindingOptions): boolean {
  return mode !== 'report'
}
