import { QuerylensError, type Allowance, type Finding } from '@querylens/core'
import {
  acceptsFinding,
  findingKinds,
  isAllowed,
  resolveAllowances,
  type OptionRule,
} from '@querylens/core/internal'

/** The rule of an option that takes allowances. */
export const ALLOWANCES_RULE: OptionRule = {
  takes: 'a list of allowances and of files with allowances',
  accepts: Array.isArray,
}

type Allowances = ReturnType<typeof resolveAllowances>

/**
 * Reads the option `allow` of a test.
 *
 * @param owner the function that takes it, as the user wrote it
 * @throws QuerylensError for a wrong allowance, and for one whose reason is still the `…` of a failure message
 */
export function readAllowances(owner: string, allow: readonly (Allowance | string)[]): Allowances {
  const allowances = resolveAllowances(owner, allow, findingKinds, '')
  const unexplained = allowances.find(({ allowance }) => /^[\s.…]*$/.test(allowance.reason))
  if (unexplained === undefined) return allowances
  throw new QuerylensError(
    'QUERYLENS_INVALID_OPTION',
    `allow of ${owner} has an allowance with the reason '${unexplained.allowance.reason}'. Write why the finding is acceptable, for people who read the test.`,
  )
}

/** The findings that no allowance accepts. */
export function withoutAllowed(findings: readonly Finding[], allowances: Allowances): readonly Finding[] {
  return findings.filter((finding) => !isAllowed(allowances, finding))
}

/** A line for each allowance that accepts none of the findings. Those of files are shared, so that some of them always do. */
export function describeUnused(
  allow: readonly (Allowance | string)[],
  findings: readonly Finding[],
): readonly string[] {
  return allow
    .filter((entry) => typeof entry !== 'string')
    .filter((allowance) => !findings.some((finding) => acceptsFinding(allowance, finding)))
    .map((allowance) => `The allowance ${describeConditions(allowance)} accepts none of them.`)
}

function describeConditions(allowance: Allowance): string {
  return JSON.stringify(allowance, (name, value: unknown) => (name === 'reason' ? undefined : value))
}
