import { QuerylensError } from '@querylens/core'

import { unawaitedVerdict } from '../assertions/awaited.js'
import type { Verdict } from '../assertions/verdict.js'
import { capture } from '../capture/capture-queries.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import { describeNoQueries, EXPECT_ZERO } from '../report/no-queries.js'
import { describeGrowth, type GrownStatement, type Measurement } from './growth-report.js'
import { resolveScalingOptions, type ScalingOptions } from './scaling-options.js'

/**
 * Runs a function with each size, after the data for it are there, and compares how often each statement ran.
 *
 * A statement that runs once with the larger size does not grow, even if it did not run with the smaller one.
 *
 * @param site has the stack of the assertion, for a query that Querylens refuses
 * @throws QuerylensError for an option, or a value, that it does not take; where nothing depends on the size
 * @throws the error of `populate` or `work`
 */
export async function checkScaling(
  work: (size: number) => unknown,
  options: ScalingOptions | undefined,
  { site, owner }: { readonly site: Error; readonly owner: string },
): Promise<Verdict> {
  const { populate, sizes, tolerance, capture: captureOptions } = resolveScalingOptions(owner, options)
  refuseUnscaled(work, options, owner)
  const measurements: Measurement[] = []
  for (const size of sizes) {
    // One after the other: the sizes use the same tables.
    // oxlint-disable-next-line no-await-in-loop
    await populate(size)
    // oxlint-disable-next-line no-await-in-loop
    const queries = await capture(() => work(size), captureOptions, site)
    if (queries.count === 0) return emptyVerdict(size, queries)
    const unawaited = unawaitedVerdict('which statements run more often', queries)
    if (unawaited !== undefined) return unawaited
    measurements.push({ size, queries })
  }
  const grown = findGrown(measurements, tolerance)
  return { pass: grown.length === 0, message: () => describeGrowth(grown, measurements) }
}

/** Without a size, every run sends the same queries, and the assertion passes for every loop. */
function refuseUnscaled(
  work: (size: number) => unknown,
  options: ScalingOptions | undefined,
  owner: string,
): void {
  if (work.length > 0 || options?.populate !== undefined) return
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `${owner} compares nothing: neither the data nor the function depends on the size. Pass { populate: (size) => … }, which makes so many rows, or take the size as the first parameter of the function, without a default: (size) => ….`,
  )
}

function emptyVerdict(size: number, queries: CapturedQueries): Verdict {
  const message = (): string => describeNoQueries(`Expected queries with ${size}`, queries, EXPECT_ZERO)
  return { pass: false, failsNegated: true, message }
}

/** Those that grow most come first. */
function findGrown(measurements: readonly Measurement[], tolerance: number): readonly GrownStatement[] {
  const fingerprints = new Set(
    measurements.flatMap(({ queries }) => queries.queries.map((query) => query.fingerprint)),
  )
  return [...fingerprints]
    .map((fingerprint): GrownStatement => {
      const executions = measurements.map(({ queries }) =>
        queries.queries.filter((query) => query.fingerprint === fingerprint),
      )
      const counts = executions.map(({ length }) => length)
      return { fingerprint, executions, counts, growth: growthOf(counts) }
    })
    .filter(({ growth }) => growth > tolerance)
    .toSorted((one, other) => other.growth - one.growth)
}

/** By how much the number exceeds that of a smaller size. */
function growthOf(counts: readonly number[]): number {
  return Math.max(
    ...counts.map((count, index) => count - Math.max(1, Math.min(count, ...counts.slice(0, index)))),
  )
}
