import { valuesOf, type Effort, type ReturnedRows } from '../../memory/returned-rows.js'
import type { ParameterSample } from '../../memory/parameter-sample.js'
import { isDistinctive } from '../../memory/value-key.js'
import { framesOf, type Frame } from '../../../stack/captured-stack.js'
import { depthOfLoop } from '../../../stack/loop-frame.js'

/** The column of an earlier result that supplied the parameters of a loop. */
export interface Proof {
  readonly source: ReturnedRows
  readonly column: string
  /** The index of the parameter, from 0. */
  readonly parameter: number
}

/** A column that holds values of a parameter. */
export interface Candidate extends Proof {
  /** Number of samples whose parameter is a value of the column. */
  readonly matches: number
  /** Number of samples that began after the rows of the source had arrived. */
  readonly possible: number
  /** The statements of the scope that had begun before the first of these samples. */
  readonly firstAt: number
  /** 3: the first values of the column, without a gap; 2: values in the order of the rows; 1: in another order. */
  readonly order: number
  /** As {@link relationOf} rates the names. */
  readonly relation: number
  /** Whether at least two matching values are hardly a coincidence. */
  readonly hasDistinctive: boolean
  /** Whether the column holds a value in several rows. */
  readonly hasRepeats: boolean
}

/** What {@link compare} compares with a column. */
export interface Comparison {
  readonly samples: readonly ParameterSample[]
  readonly relation: number
  readonly effort: Effort
}

/** Compares a parameter with a column of an earlier result; `undefined` if too few values agree. */
export function compare(
  { source, column, parameter }: Proof,
  { samples, relation, effort }: Comparison,
): Candidate | undefined {
  const ranks: number[] = []
  let possible = 0
  let firstAt = Number.POSITIVE_INFINITY
  let distinctive = 0
  let hasRepeats = false
  for (const { at, evidence } of samples) {
    const key = evidence[parameter]
    if (source.knownSince > at || key === undefined) continue
    const values = valuesOf(source, column, effort)
    if (values === undefined) return undefined
    hasRepeats = values.repeated.size > 0
    possible++
    firstAt = Math.min(firstAt, at)
    const rank = values.ranks.get(key)
    if (rank === undefined) continue
    ranks.push(rank)
    if (isDistinctive(key)) distinctive++
  }
  const matches = ranks.length
  if (matches < 2 || matches < 0.75 * possible) return undefined
  const order = orderOf(ranks)
  const hasDistinctive = distinctive >= 2
  return {
    source,
    column,
    parameter,
    matches,
    possible,
    firstAt,
    order,
    relation,
    hasDistinctive,
    hasRepeats,
  }
}

/** Whether a candidate is likelier than the best one so far, whose source is newer or whose column stands before. */
export function isBetter(
  candidate: Candidate,
  best: Candidate,
  { hasRepeats, frames }: { readonly hasRepeats: boolean; readonly frames: readonly Frame[] },
): boolean {
  const difference = scoreOf(candidate, hasRepeats) - scoreOf(best, hasRepeats)
  if (difference !== 0 || candidate.source === best.source) return difference > 0
  const depth = ({ source }: Candidate): number => depthOfLoop(frames, framesOf(source.stack))
  return depth(candidate) < depth(best)
}

/** Whether the agreement of a candidate is more than a coincidence. `sources` has the newest first. */
export function isSound(candidate: Candidate, sources: readonly ReturnedRows[]): boolean {
  const { source, relation, hasDistinctive, order, matches, possible, firstAt } = candidate
  if (relation > 1 || hasDistinctive) return true
  // Names that agree in part suffice if the samples are the first values of the newest result, in their order.
  const isNewest = (): boolean => source === newestBefore(firstAt, source, sources)
  const isInOrder = order === 3 && matches === possible && isNewest()
  return isInOrder && (relation === 1 || (relation > 0 && matches >= 3))
}

/** The newest result before a loop, without those of other statements in the body of the loop: they return rows again. */
function newestBefore(
  firstAt: number,
  source: ReturnedRows,
  sources: readonly ReturnedRows[],
): ReturnedRows | undefined {
  const returnsAgain = ({ execution: { shape } }: ReturnedRows): boolean =>
    sources.some(
      ({ execution, knownSince }) =>
        knownSince > firstAt && execution.shape.fingerprint === shape.fingerprint,
    )
  return sources.find((other) => other.knownSince <= firstAt && (other === source || !returnsAgain(other)))
}

function orderOf(ranks: readonly number[]): number {
  if (ranks.every((rank, index) => rank === index)) return 3
  return ranks.every((rank, index) => index === 0 || rank > ranks[index - 1]!) ? 2 : 1
}

function scoreOf(
  { order, relation, hasDistinctive, matches, possible, hasRepeats }: Candidate,
  loopHasRepeats: boolean,
): number {
  // A loop over rows that share a value repeats the value.
  const repeats = hasRepeats === loopHasRepeats ? 0.25 : 0
  return order + relation + repeats + (hasDistinctive ? 3 : 0) + matches / possible
}
