import type { QueryShape } from '../../../sql/shape/query-shape.js'
import type { ParameterUse, StatementTraits } from '../../../sql/tree/statement-traits.js'
import { normalizedName, relationOf, tableOfUse } from './column-relation.js'
import {
  besideOf,
  columnsOf,
  valuesOf,
  type Effort,
  type RowMemory,
  type ReturnedRows,
} from '../../memory/returned-rows.js'
import { varyingParameters, type ParameterSample } from '../../memory/parameter-sample.js'
import { isDistinctive } from '../../memory/value-key.js'

/** The column of an earlier result that supplied the parameters of a loop. */
export interface Proof {
  readonly source: ReturnedRows
  readonly column: string
  /** The index of the parameter, from 0. */
  readonly parameter: number
}

/** The executions for which {@link prove} looks for a source. */
export interface Claim {
  readonly samples: readonly ParameterSample[]
  readonly traits: StatementTraits
  readonly shape: QueryShape
  /** Whether a function that calls itself runs the statement. */
  readonly isRecursive: boolean
}

/** A column that holds values of a parameter. */
interface Candidate extends Proof {
  /** Number of samples whose parameter is a value of the column. */
  readonly matches: number
  /** Number of samples that began after the rows of the source had arrived. */
  readonly possible: number
  /** 3: the first values of the column, without a gap; 2: values in the order of the rows; 1: in another order. */
  readonly order: number
  /** As {@link relationOf} rates the names. */
  readonly relation: number
  /** Whether at least two matching values are hardly a coincidence. */
  readonly hasDistinctive: boolean
}

/** Limit for the values of all sources that Querylens reads for one statement: some hundred microseconds. */
const MAX_EFFORT = 3_000
/** `undefined` is a parameter outside a comparison, such as a value of an INSERT. */
const EQUALITY: ReadonlySet<string | undefined> = new Set(['=', 'in', 'any', undefined])

/**
 * Looks for an earlier statement that returned the parameters of the samples in one column. Equal values are a proof if
 * they are hardly a coincidence. Small numbers occur in every table: for them the names of the columns have to agree
 * (`post_id` and `id`), or the values have to come in the order of the rows, from the first row on.
 */
export function prove(memory: RowMemory, claim: Claim): Proof | undefined {
  if (memory.isEmpty) return undefined
  const { samples, traits, shape, isRecursive } = claim
  const sources = memory.newestFirst()
  const effort: Effort = { values: MAX_EFFORT }
  let best: Candidate | undefined
  for (const parameter of varyingParameters(samples)) {
    const use = traits.parameters[parameter]
    if (use?.clause === 'limit' || use?.clause === 'offset' || !isEquality(use)) continue
    const table = tableOfUse(use, traits, shape)
    const hasDistinctive = samples.some(({ evidence }) => isDistinctive(evidence[parameter] ?? ''))
    for (const source of sources) {
      // The results of the statement itself prove only a recursion, see `proveRecursion`.
      if (source.execution.shape.fingerprint === shape.fingerprint) continue
      for (const column of columnsOf(source)) {
        const relation = relationOf(source.execution.shape, column, use, table)
        if (relation === 0 && !hasDistinctive) continue
        const candidate = compare(source, column, parameter, relation, samples, effort)
        if (candidate !== undefined && (best === undefined || scoreOf(candidate) > scoreOf(best))) {
          best = candidate
        }
      }
    }
  }
  if (best !== undefined && isSound(best, sources)) return best
  return isRecursive ? proveRecursion(sources, claim, effort) : undefined
}

/** Whether a parameter's value occurs in several rows of a source: a loop over these rows repeats the value. */
export function isInSeveralRows(
  memory: RowMemory,
  { evidence, at }: ParameterSample,
  traits: StatementTraits,
  shape: QueryShape,
): boolean {
  const effort: Effort = { values: MAX_EFFORT }
  const tables = evidence.map((_, index) => tableOfUse(traits.parameters[index], traits, shape))
  return memory
    .newestFirst()
    .some(
      (source) =>
        source.knownSince <= at &&
        columnsOf(source).some((column) =>
          evidence.some(
            (key, index) =>
              key !== undefined &&
              (isDistinctive(key) ||
                relationOf(source.execution.shape, column, traits.parameters[index], tables[index]!) > 0) &&
              valuesOf(source, column, effort)?.repeated.has(key) === true,
          ),
        ),
    )
}

/** Whether a parameter can be the value of a row: a comparison for equality, or no comparison. */
function isEquality(use: ParameterUse | undefined): boolean {
  return use === undefined || (EQUALITY.has(use.operator) && !use.negated)
}

/**
 * Whether another parameter comes from the same rows as the proven one: in each sample it equals the row's value in the
 * column of the same name, and the values of that column differ between the rows.
 */
export function isFromSameRow(
  { source, column, parameter }: Proof,
  samples: readonly ParameterSample[],
  other: number,
  use: ParameterUse | undefined,
): boolean {
  const name = use?.column === undefined ? undefined : normalizedName(use.column)
  const otherColumn = columnsOf(source).find((column) => normalizedName(column) === name)
  if (otherColumn === undefined || other === parameter) return false
  const ranks = valuesOf(source, otherColumn, { values: MAX_EFFORT })?.ranks
  return (
    ranks !== undefined &&
    ranks.size > 1 &&
    samples.every(({ evidence }) => {
      const beside = besideOf(source, column, evidence[parameter], otherColumn)
      return beside !== undefined && beside === evidence[other]
    })
  )
}

function compare(
  source: ReturnedRows,
  column: string,
  parameter: number,
  relation: number,
  samples: readonly ParameterSample[],
  effort: Effort,
): Candidate | undefined {
  const ranks: number[] = []
  let possible = 0
  let distinctive = 0
  for (const { at, evidence } of samples) {
    const key = evidence[parameter]
    if (source.knownSince > at || key === undefined) continue
    const values = valuesOf(source, column, effort)
    if (values === undefined) return undefined
    possible++
    const rank = values.ranks.get(key)
    if (rank === undefined) continue
    ranks.push(rank)
    if (isDistinctive(key)) distinctive++
  }
  const matches = ranks.length
  if (matches < 2 || matches < 0.75 * possible) return undefined
  return {
    source,
    column,
    parameter,
    matches,
    possible,
    order: orderOf(ranks),
    relation,
    hasDistinctive: distinctive >= 2,
  }
}

function orderOf(ranks: readonly number[]): number {
  if (ranks.every((rank, index) => rank === index)) return 3
  return ranks.every((rank, index) => index === 0 || rank > ranks[index - 1]!) ? 2 : 1
}

function scoreOf({ order, relation, hasDistinctive, matches, possible }: Candidate): number {
  return order + relation + (hasDistinctive ? 3 : 0) + matches / possible
}

function isSound(
  { source, relation, hasDistinctive, order, matches, possible }: Candidate,
  [newest]: readonly ReturnedRows[],
): boolean {
  if (relation === 2 || hasDistinctive) return true
  // Names that agree in part suffice if the samples are the first values of the newest result, in their order.
  const isInOrder = source === newest && order === 3 && matches === possible
  return isInOrder && (relation === 1 || (relation > 0 && matches >= 3))
}

/** Proves a recursion: each execution gets its parameter from the rows of an earlier execution of the same statement. */
function proveRecursion(
  sources: readonly ReturnedRows[],
  { samples, traits, shape }: Claim,
  effort: Effort,
): Proof | undefined {
  const own = sources.filter(({ execution }) => execution.shape.fingerprint === shape.fingerprint)
  const [latest] = own
  if (latest === undefined) return undefined
  for (const parameter of varyingParameters(samples)) {
    const use = traits.parameters[parameter]
    if (!isEquality(use)) continue
    const table = tableOfUse(use, traits, shape)
    for (const column of columnsOf(latest)) {
      if (relationOf(shape, column, use, table) === 0) continue
      const later = samples.slice(1)
      const found = later.filter(({ at, evidence }) => {
        const key = evidence[parameter]
        return (
          key !== undefined &&
          own.some(
            (source) => source.knownSince <= at && valuesOf(source, column, effort)?.ranks.has(key) === true,
          )
        )
      })
      if (found.length >= 2 && found.length >= later.length / 2) return { source: latest, column, parameter }
    }
  }
  return undefined
}
