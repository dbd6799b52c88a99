import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import { describeReport } from '../report/query-report.js'

/** The queries of one size. */
export interface Measurement {
  readonly size: number
  readonly queries: CapturedQueries
}

/** A statement that runs more often with a larger size. */
export interface GrownStatement {
  readonly fingerprint: string
  /** Its executions and their number, with each size. */
  readonly executions: readonly (readonly CapturedQuery[])[]
  readonly counts: readonly number[]
  /** By how much its number exceeds that of a smaller size. */
  readonly growth: number
}

/** Says which statements run how often with each size, and shows those of the largest size with their lines. */
export function describeGrowth(
  grown: readonly GrownStatement[],
  measurements: readonly Measurement[],
): string {
  const sizes = measurements.map(({ size }) => size)
  const totals = measurements.map(({ size, queries }) => `${queries.count} with ${size}`).join(', ')
  if (grown.length === 0) {
    return `Expected a statement that runs more often with a larger size, but none does. Queries in all: ${totals}.`
  }
  const rows = grown.map(({ executions, counts }) => ({
    wording: executions.flat()[0]?.wording ?? '',
    counts: `${describeCounts(counts, sizes)}${describeSlope(counts, sizes)}`,
  }))
  const width = Math.max(...rows.map(({ wording }) => wording.length))
  const subject = grown.length === 1 ? '1 statement runs' : `${grown.length} statements run`
  return [
    `Expected the same queries with each size, but ${subject} more often with a larger one:`,
    ...rows.map(({ wording, counts }) => `  ${wording.padEnd(width)}   ${counts}`),
    `Queries in all: ${totals}`,
    '',
    describeLargest(grown, measurements.at(-1)!),
    `Meant to be so? { tolerance: ${Math.max(...grown.map(({ growth }) => growth))} }`,
  ].join('\n')
}

function describeLargest(grown: readonly GrownStatement[], { size, queries }: Measurement): string {
  const fingerprints = new Set(grown.map(({ fingerprint }) => fingerprint))
  const counted = queries.queries.filter(({ fingerprint }) => fingerprints.has(fingerprint))
  // An allowance of a finding does not change how often a statement runs.
  return describeReport(`With ${size}`, queries, { counted, allowancesGo: '' })
}

/** `2x with 2, 20x with 20` */
function describeCounts(counts: readonly number[], sizes: readonly number[]): string {
  return counts.map((count, index) => `${count}x with ${sizes[index]}`).join(', ')
}

/** ` (one for each)`, from the first and the last size. */
function describeSlope(counts: readonly number[], sizes: readonly number[]): string {
  const slope = (counts.at(-1)! - counts[0]!) / (sizes.at(-1)! - sizes[0]!)
  if (slope <= 0) return ''
  return slope === 1 ? ' (one for each)' : ` (${Number(slope.toFixed(2))} for each)`
}
