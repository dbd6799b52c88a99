import type { Allowance, DetectOptions, FindingKind } from '@querylens/core'
import { checkOptions, findingKinds, optionRules } from '@querylens/core/internal'

import { ALLOWANCES_RULE, readAllowances } from '../assertions/accepted-findings.js'
import { KINDS_RULE } from '../assertions/no-findings.js'
import { nearestFile } from '../files/nearest-file.js'
import { existingBaseline, isBaselineWritten } from './baseline.js'

/** The options of `guardQueries`. All are optional. */
export interface QueryGuardOptions {
  /**
   * The kinds of findings that fail a test. The guard switches their detection on, also for a database with `detect: false`.
   *
   * `n_plus_one` includes a `duplicate_query` that one line of a loop repeats: where all rows of a test have one parent, its loop
   * over them sends the same parameters each time. A helper that two places call is no loop.
   *
   * `n_plus_one_write` is not among them by default, because many tests insert their rows in a loop.
   *
   * @default ['n_plus_one']
   */
  readonly kinds?: readonly FindingKind[] | undefined
  /**
   * Findings that are acceptable in all tests: allowances, each with its reason, and paths of JSON files that hold lists of
   * them. They add to those of the databases.
   *
   * @default none
   */
  readonly allow?: readonly (Allowance | string)[] | undefined
  /**
   * The path of the baseline, relative to the working directory: a file of allowances for what the suite had when it was
   * written. With the environment variable `QUERYLENS_BASELINE=write`, the guard adds the findings of each test to it instead
   * of failing the test.
   *
   * @default the nearest 'querylens-baseline.json' in the folder of the test file and those above it, or else in the working
   *   directory, if that file exists
   */
  readonly baseline?: string | undefined
}

/** {@link QueryGuardOptions} with every default filled in. */
export interface ResolvedGuardOptions {
  readonly kinds: readonly FindingKind[]
  /** What the captures of the guard detect. One object, which Querylens reads once. */
  readonly detect: DetectOptions
  readonly baseline: string
  /** Whether findings go to the baseline instead of failing their test. */
  readonly writesBaseline: boolean
}

const OWNER = 'guardQueries()'
const DEFAULT_KINDS: readonly FindingKind[] = ['n_plus_one']
const DEFAULT_BASELINE = 'querylens-baseline.json'

/**
 * Checks the options and fills in what is missing.
 *
 * @param testFile the test file for which the guard is set up; without one, the baseline is in the working directory
 * @throws QuerylensError for an unknown option, for a value that it does not take, and for a baseline that is named but does not
 *   exist
 */
export function resolveGuardOptions(options?: QueryGuardOptions, testFile?: string): ResolvedGuardOptions {
  checkOptions<QueryGuardOptions>(OWNER, options, {
    kinds: KINDS_RULE,
    allow: ALLOWANCES_RULE,
    baseline: optionRules.text,
  })
  const kinds = options?.kinds ?? DEFAULT_KINDS
  const baseline = options?.baseline ?? nearestFile(DEFAULT_BASELINE, testFile)
  const writesBaseline = isBaselineWritten()
  const isOptional = writesBaseline || options?.baseline === undefined
  const switches = findingKinds.filter(({ kind }) => kinds.includes(kind)).map(({ option }) => [option, true])
  const allow = [...(options?.allow ?? []), ...existingBaseline(baseline, isOptional)]
  // A wrong allowance is an error here, rather than in the first test.
  readAllowances(OWNER, allow)
  return {
    kinds,
    detect: {
      ...(Object.fromEntries(switches) as DetectOptions),
      allow,
    },
    baseline,
    writesBaseline,
  }
}
