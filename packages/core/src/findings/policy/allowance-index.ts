import type { Finding } from '../../messages/finding.js'
import type { Allowance } from './allowance.js'

interface HoldsAllowance {
  readonly allowance: Allowance
}

type Index = ReadonlyMap<string, readonly HoldsAllowance[]>

/** A list of allowances never changes, so its index is built once, for the first finding. */
const indexes = new WeakMap<readonly HoldsAllowance[], Index>()

/**
 * The elements of a list whose allowances can accept a finding. A baseline has thousands of allowances, but few for one
 * statement or scope.
 */
export function candidatesFor<Use extends HoldsAllowance>(
  uses: readonly Use[],
  finding: Finding,
): readonly Use[] {
  let index = indexes.get(uses)
  if (index === undefined) indexes.set(uses, (index = Map.groupBy(uses, ({ allowance }) => keyOf(allowance))))
  const { fingerprint, scope } = finding
  const keys = [
    keyOf({}),
    keyOf({ scope: scope.name }),
    ...(fingerprint === undefined ? [] : [keyOf({ fingerprint })]),
  ]
  return keys.flatMap((key) => (index.get(key) ?? []) as readonly Use[])
}

/** The condition that separates most allowances, in words. */
function keyOf({ fingerprint, scope }: Pick<Allowance, 'fingerprint' | 'scope'>): string {
  if (fingerprint !== undefined) return `fingerprint ${fingerprint}`
  return scope === undefined ? 'neither' : `scope ${scope}`
}
