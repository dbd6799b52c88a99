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
import { isRecursive, type Frame } from '../../../stack/captured-stack.js'
import { compare, isBetter, isSound, type Candidate, type Proof } from './candidate.js'

/** The executions for which {@link prove} looks for a source. */
export interface Claim {
  readonly samples: readonly ParameterSample[]
  readonly traits: StatementTraits
  readonly shape: QueryShape
  /** Whether some of the executions had equal parameters; the samples have one of each. */
  readonly hasRepeats: boolean
  /** The stack of the latest execution. */
  readonly frames: readonly Frame[]
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
  const { samples, traits, shape } = claim
  const sources = memory.newestFirst()
  // The results of the statement itself prove only a recursion, see `proveRecursion`.
  const others = sources.filter(({ execution }) => execution.shape.fingerprint !== shape.fingerprint)
  const effort: Effort = { values: MAX_EFFORT }
  let best: Candidate | undefined
  for (const parameter of varyingParameters(samples)) {
    const use = traits.parameters[parameter]
    if (use?.clause === 'limit' || use?.clause === 'offset' || !isEquality(use)) continue
    const table = tableOfUse(use, traits, shape)
    const hasDistinctive = samples.some(({ evidence }) => isDistinctive(evidence[parameter] ?? ''))
    for (const source of others) {
      for (const column of columnsOf(source)) {
        // A column with lists has a name in the plural: `tag_ids`.
        const name = source.lists.has(column) ? column.replace(/s$/i, '') : column
        const relation = relationOf(source.execution.shape, name, use, table)
        if (relation === 0 && !hasDistinctive) continue
        const candidate = compare({ source, column, parameter }, { samples, relation, effort })
        if (candidate !== undefined && (best === undefined || isBetter(candidate, best, claim))) {
          best = candidate
        }
      }
    }
  }
  if (best !== undefined && isSound(best, others)) return best
  return isRecursive(claim.frames) ? proveRecursion(sources, claim, effort) : undefined
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
