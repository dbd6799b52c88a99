import type { QueryShape } from '../../../sql/shape/query-shape.js'
import type { ParameterUse, StatementTraits } from '../../../sql/tree/statement-traits.js'
import { comparable, relationOf, tableOfUse } from './column-relation.js'
import {
  besideOf,
  columnsOf,
  valuesOf,
  type Effort,
  type RowMemory,
  type ReturnedRows,
} from '../../memory/returned-rows.js'
import { varyingParameters, type ParameterSample } from '../../memory/parameter-sample.js'
import { isTelling } from '../../memory/value-key.js'

/** Where the parameters of repeats came from. */
export interface Proof {
  readonly source: ReturnedRows
  readonly column: string
  /** Which parameter, from 0. */
  readonly parameter: number
}

/** What is to be proven. */
export interface Claim {
  readonly samples: readonly ParameterSample[]
  readonly traits: StatementTraits
  readonly shape: QueryShape
  /** Whether the statement is run by a function that calls itself. */
  readonly isRecursive: boolean
}

/** A column that holds values of a parameter. */
interface Candidate extends Proof {
  readonly matches: number
  /** How many samples could have come from it. */
  readonly possible: number
  /** 3: its first values, one after the other; 2: in the order of its rows; 1: in another order. */
  readonly order: number
  readonly relation: number
  readonly telling: boolean
}

/** Values of all sources together that one statement has looked at for its sake: some hundred microseconds. */
const MAX_EFFORT = 3_000
/** Undefined where there is no comparison, but a value, say. */
const EQUALITY: ReadonlySet<string | undefined> = new Set(['=', 'in', 'any', undefined])

/**
 * Looks for one earlier statement that returned the parameters of the samples, in one column. Values alone prove
 * nothing, unless they hardly meet by chance: small numbers are everywhere. Then a name has to speak for it
 * (`post_id` and `id`), or values that come in the order of the rows from their first one on.
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
    const isLikely = samples.some(({ evidence }) => isTelling(evidence[parameter] ?? ''))
    for (const source of sources) {
      // What a statement returned proves nothing of itself: that is for recursion.
      if (source.execution.shape.fingerprint === shape.fingerprint) continue
      for (const column of columnsOf(source)) {
        const relation = relationOf(source.execution.shape, column, use, table)
        if (relation === 0 && !isLikely) continue
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

/** Whether a parameter's value stands in several rows of a source: then a loop over these rows repeats it. */
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
              (isTelling(key) ||
                relationOf(source.execution.shape, column, traits.parameters[index], tables[index]!) > 0) &&
              valuesOf(source, column, effort)?.repeated.has(key) === true,
          ),
        ),
    )
}

/** Only a comparison for equality follows from a row. */
function isEquality(use: ParameterUse | undefined): boolean {
  return use === undefined || (EQUALITY.has(use.operator) && !use.negated)
}

/**
 * Whether another parameter comes from the same rows as the proven one: in each of the samples it is what the row holds
 * in the column of the same name, which is not the same in all rows.
 */
export function isFromSameRow(
  { source, column, parameter }: Proof,
  samples: readonly ParameterSample[],
  other: number,
  use: ParameterUse | undefined,
): boolean {
  const name = use?.column === undefined ? undefined : comparable(use.column)
  const otherColumn = columnsOf(source).find((each) => comparable(each) === name)
  if (otherColumn === undefined || other === parameter) return false
  const places = valuesOf(source, otherColumn, { values: MAX_EFFORT })?.places
  return (
    places !== undefined &&
    places.size > 1 &&
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
  const places: number[] = []
  let possible = 0
  let tellings = 0
  for (const { at, evidence } of samples) {
    const key = evidence[parameter]
    if (source.knownSince > at || key === undefined) continue
    const values = valuesOf(source, column, effort)
    if (values === undefined) return undefined
    possible++
    const place = values.places.get(key)
    if (place === undefined) continue
    places.push(place)
    if (isTelling(key)) tellings++
  }
  const matches = places.length
  if (matches < 2 || matches < 0.75 * possible) return undefined
  return {
    source,
    column,
    parameter,
    matches,
    possible,
    order: orderOf(places),
    relation,
    telling: tellings >= 2,
  }
}

function orderOf(places: readonly number[]): number {
  if (places.every((place, index) => place === index)) return 3
  return places.every((place, index) => index === 0 || place > places[index - 1]!) ? 2 : 1
}

function scoreOf({ order, relation, telling, matches, possible }: Candidate): number {
  return order + relation + (telling ? 3 : 0) + matches / possible
}

function isSound(
  { source, relation, telling, order, matches, possible }: Candidate,
  [newest]: readonly ReturnedRows[],
): boolean {
  if (relation === 2 || telling) return true
  // Half a name, and the first values of what came last, in their order.
  const isInOrder = source === newest && order === 3 && matches === possible
  return isInOrder && (relation === 1 || (relation > 0 && matches >= 3))
}

/** Where each execution of a recursion gets its parameter from the rows of one before it. */
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
            (source) => source.knownSince <= at && valuesOf(source, column, effort)?.places.has(key) === true,
          )
        )
      })
      if (found.length >= 2 && found.length >= later.length / 2) return { source: latest, column, parameter }
    }
  }
  return undefined
}
