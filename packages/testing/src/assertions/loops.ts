import type { Finding } from '@querylens/core'

/**
 * Whether one path through the code runs a statement with the same parameters again and again. A test whose rows all have one
 * parent shows a loop over them as such a duplicate: there is nothing in which its executions differ.
 *
 * A helper that several places call is no loop, and neither is a duplicate whose places are not known.
 */
export function isRepeatedInLoop({ kind, callSites }: Finding): boolean {
  return kind === 'duplicate_query' && callSites.length === 1
}

/** Whether one path through the code runs a statement again and again: for each row, or with the same parameters. */
export function isLoop(finding: Finding): boolean {
  return finding.kind === 'n_plus_one' || finding.kind === 'n_plus_one_write' || isRepeatedInLoop(finding)
}
