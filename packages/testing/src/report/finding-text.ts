import type { Finding } from '@querylens/core'
import { headlineOf } from '@querylens/core/internal'

/**
 * What Querylens found, and what proves it, beside the statement and its count: `N+1, one for each row of select books`.
 *
 * @param part how many executions of the statement it is about, if not all
 */
export function describeProof(finding: Finding, part?: number): string {
  const { label, count, summary = '' } = finding
  const headline = headlineOf(finding)
  const rest = [`${count}x ${summary}`, summary].find((start) => start !== '' && headline.startsWith(start))
  const proof = rest === undefined ? headline : headline.slice(rest.length).replace(/^,? /, '')
  return `${label}${part === undefined ? '' : ` (${part} of them)`}, ${proof}`
}
