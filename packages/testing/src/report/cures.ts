import type { Finding } from '@querylens/core'

import { describeAllowance } from './allowance-text.js'

const MAX_CURES = 3

/**
 * The cure of each finding, and the allowance for those who mean it to be so. Findings with the same cure and the same allowance
 * are one.
 *
 * @param findings the worst first
 * @param allowancesGo where an allowance is to be written, as a sentence; `''` leaves allowances out
 */
export function describeCures(
  findings: readonly Finding[],
  allowancesGo: string,
  isFull: boolean,
): readonly string[] {
  const distinct = new Map<string, readonly string[]>()
  for (const finding of findings) {
    const lines = linesOf(finding, findings.length > 1, allowancesGo !== '')
    distinct.set(lines.join('\n'), lines)
  }
  const all = [...distinct.values()]
  const shown = isFull ? all : all.slice(0, MAX_CURES)
  const more = all.length - shown.length
  const lines = shown.flat()
  return [
    ...lines,
    ...(more > 0
      ? [`… and ${more} more finding${more === 1 ? '' : 's'}. QUERYLENS_REPORT=full shows all.`]
      : []),
    ...(lines.some((line) => line.startsWith(QUESTION)) ? [allowancesGo] : []),
  ]
}

const QUESTION = 'Meant to be so?'

function linesOf(finding: Finding, isOneOfSeveral: boolean, hasAllowance: boolean): readonly string[] {
  const { label, summary, suggestion } = finding
  const of = isOneOfSeveral ? ` of ${[label, summary].filter((part) => part !== undefined).join(', ')}` : ''
  const allowance = hasAllowance ? describeAllowance(finding) : undefined
  const [cure = '', ...others] = suggestion.split('; or ')
  return [
    `Cure${of}: ${cure}`,
    ...others.map((other) => `  or ${other}`),
    ...(allowance === undefined ? [] : [`${QUESTION} ${allowance}`]),
  ]
}
