import { checkOptions, describeValue, isPlainObject, optionRules, type OptionRule } from '../../options.js'
import { resolveAllowances, type Allowance, type AllowanceUse } from './allowance.js'
import { readBaseline, type Baseline } from './baseline.js'

/**
 * What happens with a finding, besides its message on `querylens:finding`:
 *
 * - `report`: nothing more
 * - `warn`: one line on the console when its scope ends, once for each place in the code
 * - `throw`: the call that crosses the threshold is rejected with `QUERYLENS_FINDING` and not sent; for tests and
 *   development. What is known only afterwards (`large_result`, and all that concerns a transaction or the pool)
 *   is a warning
 */
export type FindingMode = 'report' | 'warn' | 'throw'

/** When a finding opens that counts executions. */
export interface CountLimit {
  readonly threshold?: number | undefined
}

/** When a finding opens that measures time. */
export interface DurationLimit {
  readonly durationMillis?: number | undefined
}

/** When a result is large. */
export interface ResultLimit {
  /** @default 10,000 */
  readonly rows?: number | undefined
  /** Estimated from a sample of the rows. @default 10 MiB */
  readonly bytes?: number | undefined
  /** Of a SELECT without WHERE and LIMIT, which returns all there is. @default 1,000 */
  readonly unfilteredRows?: number | undefined
}

/** What is looked for, and what of it may stay. `false` switches a kind off. All optional. */
export interface FindingOptions {
  /** @default 'report' */
  readonly mode?: FindingMode | undefined
  /** @default { threshold: 5 }, for what is not proven; proven ones open at the second execution */
  readonly nPlusOne?: boolean | CountLimit | undefined
  /** @default { threshold: 5 }, as above */
  readonly nPlusOneWrite?: boolean | CountLimit | undefined
  /** @default { threshold: 2 } */
  readonly duplicateQuery?: boolean | CountLimit | undefined
  /** @default { threshold: 100 } statements that belong to no other finding */
  readonly chattyScope?: boolean | CountLimit | undefined
  readonly largeResult?: boolean | ResultLimit | undefined
  /** @default { durationMillis: 5,000 } */
  readonly longTransaction?: boolean | DurationLimit | undefined
  /** @default { durationMillis: 1,000 } */
  readonly idleInTransaction?: boolean | DurationLimit | undefined
  /** @default { durationMillis: 1,000 }, summed over the scope */
  readonly poolWait?: boolean | DurationLimit | undefined
  /**
   * When the stack of a statement is captured, which takes some microseconds: `repeated`, where it repeats itself or
   * has done so in another scope, and in some scopes to learn of it; `always`, so that each scope names the line of
   * a loop and the first call of a duplicate.
   *
   * @default 'repeated'; 'always' in the modes `warn` and `throw`
   */
  readonly callSites?: 'repeated' | 'always' | undefined
  /** What may stay, each with its reason. @default none */
  readonly allow?: readonly Allowance[] | undefined
  /** What was there before: a file that `writeBaseline` has written, or what it holds. @default none */
  readonly baseline?: string | Baseline | undefined
}

/** {@link FindingOptions} with every default filled in; limits that are switched off are infinite. */
export interface ResolvedFindingOptions {
  readonly mode: FindingMode
  readonly nPlusOne: number
  readonly nPlusOneWrite: number
  readonly duplicateQuery: number
  readonly chattyScope: number
  readonly largeResult: Required<{ readonly [Name in keyof ResultLimit]: number }>
  readonly longTransactionMillis: number
  readonly idleInTransactionMillis: number
  readonly poolWaitMillis: number
  readonly alwaysCaptures: boolean
  readonly allowances: readonly AllowanceUse[]
  readonly baseline: Baseline | undefined
}

const OFF = Number.POSITIVE_INFINITY

const resolved = new WeakMap<FindingOptions, ResolvedFindingOptions>()

/**
 * Checks the options and fills in what is missing; the same object is read once.
 *
 * @throws QuerylensError for an unknown option or a value that it does not take, for an allowance that can match
 *   nothing, and for a baseline that cannot be read
 */
export function resolveFindingOptions(
  owner: string,
  options: FindingOptions | undefined,
): ResolvedFindingOptions {
  let known = options === undefined ? undefined : resolved.get(options)
  if (known === undefined) {
    known = resolve(owner, options)
    if (options !== undefined) resolved.set(options, known)
  }
  return known
}

function resolve(owner: string, options: FindingOptions | undefined): ResolvedFindingOptions {
  checkOptions<FindingOptions>(owner, options, {
    mode: oneOf('report', 'warn', 'throw'),
    nPlusOne: limit('threshold', 2),
    nPlusOneWrite: limit('threshold', 2),
    duplicateQuery: limit('threshold', 2),
    chattyScope: limit('threshold', 1),
    largeResult: limits(['rows', 'bytes', 'unfilteredRows'], 1),
    longTransaction: limit('durationMillis', 1),
    idleInTransaction: limit('durationMillis', 1),
    poolWait: limit('durationMillis', 1),
    callSites: oneOf('repeated', 'always'),
    allow: { takes: 'an array of allowances', accepts: Array.isArray },
    baseline: {
      takes: 'the path of a baseline file, or what it holds',
      accepts: (value) => optionRules.text.accepts(value) || (typeof value === 'object' && value !== null),
    },
  })
  const mode = options?.mode ?? 'report'
  const captures = options?.callSites ?? (mode === 'report' ? 'repeated' : 'always')
  const baseline = options?.baseline
  return Object.freeze({
    mode,
    nPlusOne: countOf(options?.nPlusOne, 5),
    nPlusOneWrite: countOf(options?.nPlusOneWrite, 5),
    duplicateQuery: countOf(options?.duplicateQuery, 2),
    chattyScope: countOf(options?.chattyScope, 100),
    largeResult: resultLimitOf(options?.largeResult),
    longTransactionMillis: millisOf(options?.longTransaction, 5_000),
    idleInTransactionMillis: millisOf(options?.idleInTransaction, 1_000),
    poolWaitMillis: millisOf(options?.poolWait, 1_000),
    alwaysCaptures: captures === 'always',
    allowances: resolveAllowances(owner, options?.allow ?? []),
    baseline: baseline === undefined ? undefined : readBaseline(baseline),
  })
}

function countOf(option: boolean | CountLimit | undefined, byDefault: number): number {
  if (option === false) return OFF
  return (typeof option === 'object' ? option.threshold : undefined) ?? byDefault
}

function millisOf(option: boolean | DurationLimit | undefined, byDefault: number): number {
  if (option === false) return OFF
  return (typeof option === 'object' ? option.durationMillis : undefined) ?? byDefault
}

function resultLimitOf(option: boolean | ResultLimit | undefined): ResolvedFindingOptions['largeResult'] {
  if (option === false) return { rows: OFF, bytes: OFF, unfilteredRows: OFF }
  const limits = typeof option === 'object' ? option : undefined
  return {
    rows: limits?.rows ?? 10_000,
    bytes: limits?.bytes ?? 10 * 1024 * 1024,
    unfilteredRows: limits?.unfilteredRows ?? 1_000,
  }
}

function oneOf(...values: readonly string[]): OptionRule {
  return {
    takes: values.map((value) => `'${value}'`).join(' or '),
    accepts: (value) => values.includes(value as string),
  }
}

function limit(name: string, least: number): OptionRule {
  return limits([name], least)
}

function limits(names: readonly string[], least: number): OptionRule {
  return {
    takes: `true, false, or an object with ${names.join(', ')}, integers from ${least}`,
    describe: (value) => {
      if (!isPlainObject(value)) return describeValue(value)
      const entries = Object.entries(value).map(([name, amount]) => `${name}: ${describeValue(amount)}`)
      return `{ ${entries.join(', ')} }`
    },
    accepts(value) {
      if (typeof value === 'boolean') return true
      if (!isPlainObject(value)) return false
      return Object.entries(value).every(
        ([name, amount]) =>
          names.includes(name) &&
          (amount === undefined || (Number.isInteger(amount) && (amount as number) >= least)),
      )
    },
  }
}
