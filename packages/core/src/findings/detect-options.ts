import { checkOptions, oneOf, type OptionRule } from '../options.js'
import type { FindingKind } from '../messages/finding.js'
import type { DetectorFactory, KindLimits } from './kinds/detector.js'
import { KINDS, type KindDefinition, type KindOptions } from './kinds.js'
import type { Allowance } from './policy/allowance.js'
import { resolveAllowances, type AllowanceUse } from './policy/allowances.js'
import type { FindingMode } from './policy/finding-mode.js'
import { processState } from '../process-state.js'
import { limitOptionRule, resolveLimit, type LimitRule } from './policy/limits.js'

/**
 * What Querylens detects in the queries of a scope, and what it accepts. All optional. `false` switches a kind off; an
 * object sets its limit.
 */
export interface DetectOptions extends KindOptions {
  /** What happens with a finding. @default 'report' */
  readonly mode?: FindingMode | undefined
  /**
   * When Querylens captures the stack of a statement, which takes some microseconds. `repeated`: for a statement that
   * repeats in this scope or has repeated in another one, and for all statements in a sample of scopes. `always`: for all
   * statements, so that each finding names the line of the loop and the first call of a duplicate.
   *
   * @default `'repeated'`; `'always'` in the modes `warn` and `throw`
   */
  readonly callSites?: 'repeated' | 'always' | undefined
  /**
   * The findings that are acceptable: allowances, each with its reason, and paths of JSON files that hold lists of them
   * ({@link writeBaseline} writes one).
   *
   * @default none
   */
  readonly allow?: readonly (Allowance | string)[] | undefined
}

/** {@link DetectOptions} with every default filled in. */
export interface ResolvedDetectOptions {
  readonly mode: FindingMode
  readonly limits: KindLimits
  /** Makes the detectors of the kinds that are switched on. Kinds that share a detector have one factory. */
  readonly factories: readonly DetectorFactory[]
  readonly alwaysCaptures: boolean
  readonly allowances: readonly AllowanceUse[]
  /** The options without defaults, so that others can be merged with them. */
  readonly given: GivenDetectOptions
}

/** The options that were set, except for `allow`. */
export type GivenDetectOptions = Omit<DetectOptions, 'allow'>

/** Databases with the same options share the detectors of a scope, so that equal options are one object. */
const state = processState('detectOptions', () => ({
  defaults: undefined as ResolvedDetectOptions | undefined,
  resolved: new WeakMap<DetectOptions, ResolvedDetectOptions>(),
}))

/**
 * Checks the options and fills in what is missing; reads the same object once.
 *
 * @returns `undefined` where nothing is to be detected
 * @throws QuerylensError for an unknown option or a value that it does not take, for an allowance that can never match,
 *   and for a file of allowances that cannot be read
 */
export function resolveDetectOptions(
  owner: string,
  options: DetectOptions | boolean | undefined,
): ResolvedDetectOptions | undefined {
  if (options === false) return undefined
  if (options === undefined || options === true) return (state.defaults ??= resolve(owner, {}))
  let known = state.resolved.get(options)
  if (known === undefined) state.resolved.set(options, (known = resolve(owner, options)))
  return known
}

/** Whether the options want findings even if no one subscribes to them. */
export function demandsFindings({ mode }: ResolvedDetectOptions): boolean {
  return mode !== 'report'
}

function resolve(owner: string, options: DetectOptions): ResolvedDetectOptions {
  const kinds: readonly KindDefinition[] = KINDS
  const kindRules = Object.fromEntries(kinds.map(({ option, limit }) => [option, limitOptionRule(limit)]))
  checkOptions<DetectOptions>(
    owner,
    options,
    {
      mode: oneOf('report', 'warn', 'throw'),
      callSites: oneOf('repeated', 'always'),
      allow: { takes: 'a list of allowances and of files with allowances', accepts: Array.isArray },
      ...(kindRules as { readonly [Name in keyof Required<KindOptions>]: OptionRule }),
    },
    'detect.',
  )
  const { allow = [], ...given } = options
  return withDefaults(copyOf(given), resolveAllowances(owner, allow, kinds))
}

/** Fills in what is missing in options that have been checked. */
export function withDefaults(
  given: GivenDetectOptions,
  allowances: readonly AllowanceUse[],
): ResolvedDetectOptions {
  const kinds: readonly KindDefinition[] = KINDS
  const { mode = 'report', callSites } = given
  const limits = limitsOf(kinds, given)
  const detected = kinds.filter(({ kind }) => limits[kind] !== undefined)
  return Object.freeze({
    mode,
    limits,
    factories: [...new Set(detected.map(({ detect }) => detect))],
    alwaysCaptures: (callSites ?? (mode === 'report' ? 'repeated' : 'always')) === 'always',
    allowances,
    given,
  })
}

/** The fields that are set. A copy: the application may change its object after the check. */
function copyOf(given: GivenDetectOptions): GivenDetectOptions {
  const entries: [string, unknown][] = []
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) entries.push([name, typeof value === 'object' ? { ...value } : value])
  }
  return Object.fromEntries(entries)
}

function limitsOf(kinds: readonly KindDefinition[], options: GivenDetectOptions): KindLimits {
  const entries = kinds.map(({ kind, option, limit }): [FindingKind, object | undefined] => [
    kind,
    resolveLimit(limit as LimitRule<object>, options[option] as boolean | object | undefined),
  ])
  return Object.fromEntries(entries) as unknown as KindLimits
}
