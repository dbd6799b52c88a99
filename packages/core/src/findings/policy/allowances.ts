import type { Finding } from '../../messages/finding.js'
import { processState } from '../../process-state.js'
import { accepts, checkAllowance, isExpired, type Allowance, type AllowedKind } from './allowance.js'
import { readAllowanceFile } from './allowance-file-reader.js'
import { candidatesFor } from './allowance-index.js'

/** An allowance and how often it was needed. */
export interface AllowanceUse {
  readonly allowance: Allowance
  /** Number of findings that it has accepted since the process started. */
  matches: number
}

/** An allowance that has accepted no finding in this process, or that has expired. */
export interface UnusedAllowance {
  readonly allowance: Allowance
  /** Whether its last day is over. */
  readonly expired: boolean
}

/** Allowances by content, so that a job which creates its options in each run registers each allowance once. */
const registered = processState('allowances', () => new Map<string, AllowanceUse>())
const MAX_REGISTERED = 10_000

/** The allowances of all configurations in this process that have accepted no finding yet, and those that have expired. */
export function unusedAllowances(): readonly UnusedAllowance[] {
  const unused: UnusedAllowance[] = []
  for (const { allowance, matches } of registered.values()) {
    const expired = isExpired(allowance)
    if (matches === 0 || expired) unused.push({ allowance, expired })
  }
  return unused
}

/**
 * @param owner the function that takes the option `allow`, as the user wrote it: `querylens()`
 * @param entries allowances, and paths of JSON files that hold some
 * @param prefix `detect.` where the option `detect` holds `allow`
 * @throws QuerylensError for an allowance without a reason, without a condition, or with one that can never match; for
 *   a file that cannot be read
 */
export function resolveAllowances(
  owner: string,
  entries: readonly (Allowance | string)[],
  kinds: readonly AllowedKind[],
  prefix = 'detect.',
): readonly AllowanceUse[] {
  return entries.flatMap((entry, index) => {
    const optionName = `${prefix}allow[${index}] of ${owner}`
    if (typeof entry !== 'string') {
      checkAllowance(
        optionName,
        entry,
        kinds,
        'an allowance, or the path of a JSON file with a list of allowances',
      )
      return register(entry)
    }
    return readAllowanceFile(optionName, entry).map((allowance, at) => {
      checkAllowance(
        `${entry}[${at}]`,
        allowance,
        kinds,
        'an allowance: an object with a reason and at least one condition',
      )
      return register(allowance)
    })
  })
}

function register(allowance: Allowance): AllowanceUse {
  const key = JSON.stringify(Object.entries(allowance).toSorted())
  const known = registered.get(key)
  if (known !== undefined) return known
  const use: AllowanceUse = { allowance: Object.freeze({ ...allowance }), matches: 0 }
  if (registered.size < MAX_REGISTERED) registered.set(key, use)
  return use
}

/** Whether one of the allowances accepts a finding; counts it there. */
export function isAllowed(uses: readonly AllowanceUse[], finding: Finding): boolean {
  let allowed = false
  for (const use of candidatesFor(uses, finding)) {
    if (!accepts(use.allowance, finding)) continue
    use.matches++
    allowed = true
  }
  return allowed
}
