import { QuerylensError, type Allowance, type Finding, type FindingKind } from '@querylens/core'
import { checkOptions, findingKinds, headlineOf, type OptionRule } from '@querylens/core/internal'

import type { CapturedQueries } from '../recording/captured-queries.js'
import { noteJudged } from '../recording/judged-findings.js'
import { describeNoQueries, EXPECT_ZERO } from '../report/no-queries.js'
import { describeReport } from '../report/query-report.js'
import { ALLOWANCES_RULE, describeUnused, readAllowances, withoutAllowed } from './accepted-findings.js'
import { unawaitedVerdict } from './awaited.js'
import { checkCaptured } from './captured-argument.js'
import { checkDetected, type AskedKinds } from './detected-kinds.js'
import { isLoop } from './loops.js'
import type { Verdict } from './verdict.js'

const KINDS: readonly FindingKind[] = findingKinds.map(({ kind }) => kind)

/** Without those that measure time: a debugger or a busy machine would fail the test. */
const DEFAULT_KINDS: readonly FindingKind[] = findingKinds
  .filter(({ limit }) => !('durationMillis' in limit.defaults))
  .map(({ kind }) => kind)

/** The rule of an option that takes kinds of findings. */
export const KINDS_RULE: OptionRule = {
  takes: `a list with one or more of ${KINDS.join(', ')}`,
  accepts: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((kind) => KINDS.includes(kind as FindingKind)),
}

/** Which findings fail an assertion. All are optional. */
export interface NoFindingsOptions {
  /**
   * Only findings of these kinds.
   *
   * @default all kinds that do not measure time: without `cache_stampede`, `long_transaction`, `idle_in_transaction` and
   *   `pool_wait`
   */
  readonly only?: readonly FindingKind[] | undefined
  /** No findings of these kinds. @default none */
  readonly except?: readonly FindingKind[] | undefined
  /**
   * Findings that are acceptable: allowances, each with its reason, and paths of JSON files that hold lists of them; as
   * `detect.allow` takes them.
   *
   * @default none
   */
  readonly allow?: readonly (Allowance | string)[] | undefined
}

/** The options of an assertion whose kinds of findings are given. */
export type AcceptedFindings = Pick<NoFindingsOptions, 'allow'>

/**
 * Checks that a capture has no findings.
 *
 * @param owner the assertion, as the user wrote it
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if `queries` is no capture; for an option or a value that it does not
 *   take; where Querylens has not checked the queries, because `detect` switches `n_plus_one` or a kind of `only` off
 */
export function checkNoFindings(
  queries: CapturedQueries,
  options?: NoFindingsOptions,
  owner = 'assertNoFindings()',
): Verdict {
  return check(queries, options, owner, {
    what: describeKinds(options),
    selects: () => true,
    required: options?.only ?? ['n_plus_one'],
  })
}

/** Checks that a capture has no loop, otherwise as {@link checkNoFindings}. */
export function checkNoLoops(
  queries: CapturedQueries,
  options?: AcceptedFindings,
  owner = 'assertNoNPlusOne()',
): Verdict {
  checkAccepted(owner, options)
  return check(queries, { ...options, only: LOOP_KINDS }, owner, {
    what: LOOPS,
    selects: isLoop,
    required: ['n_plus_one', 'n_plus_one_write'],
  })
}

const LOOP_KINDS = ['n_plus_one', 'n_plus_one_write', 'duplicate_query'] as const
const LOOPS = 'findings (N+1, N+1 of writes, duplicate query in a loop)'

/** Checks that a capture has no query that ran before with the same parameters, otherwise as {@link checkNoFindings}. */
export function checkNoDuplicates(
  queries: CapturedQueries,
  options?: AcceptedFindings,
  owner = 'assertNoDuplicateQueries()',
): Verdict {
  checkAccepted(owner, options)
  return checkNoFindings(queries, { ...options, only: ['duplicate_query'] }, owner)
}

/** The kinds of these assertions are given: `only` and `except` would have no effect. */
function checkAccepted(owner: string, options: AcceptedFindings | undefined): void {
  checkOptions<AcceptedFindings>(owner, options, { allow: ALLOWANCES_RULE })
}

/** The findings that an assertion is about, in words and as a condition. */
interface Selection {
  readonly what: string
  readonly selects: (finding: Finding) => boolean
  /** The kinds without which it cannot tell, unless they are excepted. */
  readonly required: readonly FindingKind[]
}

function check(
  queries: CapturedQueries,
  options: NoFindingsOptions | undefined,
  owner: string,
  { what, selects, required }: Selection,
): Verdict {
  checkCaptured(owner, queries)
  const { findings, unused } = remainingFindings(queries.findings.filter(selects), options, owner)
  checkDetected(owner, queries, askedKinds(options, required))
  const isNone = queries.count === 0
  const unawaited = isNone ? undefined : unawaitedVerdict(`whether there are ${what}`, queries, findings)
  if (unawaited !== undefined) return unawaited
  return {
    pass: !isNone && findings.length === 0,
    failsNegated: isNone,
    message: () => {
      if (isNone) return describeNoQueries(`Expected queries to look for ${what} in`, queries, EXPECT_ZERO)
      return findings.length === 0
        ? describeReport(`Expected ${what}, got none`, queries)
        : describeReport(`Expected no ${what}, got ${findings.length}`, queries, {
            findings,
            hints: unused,
            allowancesGo: `Allowances go into { allow: […] } of this assertion, or into detect.allow of querylens() for all code.`,
          })
    },
    // Two empty lists would have no difference to show.
    actual: isNone ? 'no query' : findings.map((finding) => `${finding.label}: ${headlineOf(finding)}`),
    expected: isNone ? `queries without ${what}` : [],
  }
}

function remainingFindings(
  findings: readonly Finding[],
  options: NoFindingsOptions | undefined,
  owner: string,
): { readonly findings: readonly Finding[]; readonly unused: readonly string[] } {
  checkOptions<NoFindingsOptions>(owner, options, {
    only: KINDS_RULE,
    except: KINDS_RULE,
    allow: ALLOWANCES_RULE,
  })
  const { only = DEFAULT_KINDS, except = [], allow = [] } = options ?? {}
  if (only.every((kind) => except.includes(kind))) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_OPTION',
      `${owner} checks nothing: 'except' has every kind that ${options?.only === undefined ? 'it checks by default' : "'only' has"}.`,
    )
  }
  const allowances = readAllowances(owner, allow)
  const ofKinds = findings.filter(({ kind }) => only.includes(kind))
  const checked = ofKinds.filter(({ kind }) => !except.includes(kind))
  const remaining = withoutAllowed(checked, allowances)
  noteJudged(ofKinds.filter((finding) => !remaining.includes(finding)))
  return {
    findings: remaining,
    unused: describeUnused(allow, checked),
  }
}

function askedKinds(
  { only = DEFAULT_KINDS, except = [] }: NoFindingsOptions = {},
  required: readonly FindingKind[],
): AskedKinds {
  const isAsked = (kind: FindingKind): boolean => !except.includes(kind)
  return { asked: only.filter(isAsked), required: required.filter(isAsked) }
}

function describeKinds({ only }: NoFindingsOptions = {}): string {
  const labels = findingKinds.filter(({ kind }) => only?.includes(kind)).map(({ label }) => label)
  return labels.length === 0 ? 'findings' : `findings (${labels.join(', ')})`
}
