import type { QueryShape } from '../../../sql/shape/query-shape.js'
import type { ParameterUse, StatementTraits } from '../../../sql/tree/statement-traits.js'
import { varyingParameters, type ParameterSample, type SampledList } from '../../memory/parameter-sample.js'
import {
  columnsOf,
  listsOf,
  type Effort,
  type RowMemory,
  type ReturnedRows,
} from '../../memory/returned-rows.js'
import { isDistinctive } from '../../memory/value-key.js'
import type { Proof } from './candidate.js'

/** The list that differs between the executions of a statement. */
export interface VaryingList {
  /** The indexes of its parameters: an array, or the elements of an `IN`. */
  readonly parameters: readonly number[]
  /** The list of each sample. */
  readonly lists: readonly SampledList[]
}

/** Number of elements that are compared in their order if a list has more. */
const COMPARED = 8
const MAX_EFFORT = 3_000

/**
 * Finds the list of a statement whose samples look like chunks.
 *
 * @param countsLiterals whether `traits` has the literals of the text behind the parameters
 * @returns `undefined` if there is none, or several
 */
export function varyingListOf(
  samples: readonly ParameterSample[],
  traits: StatementTraits,
  countsLiterals: boolean,
): VaryingList | undefined {
  const arrays = varyingParameters(samples).filter((index) => {
    return isListed(traits.parameters[index]) && samples.every(({ lists }) => lists[index] !== undefined)
  })
  const [array] = arrays
  if (array === undefined) return elementsOf(samples, traits, countsLiterals)
  return arrays.length > 1
    ? undefined
    : { parameters: [array], lists: samples.map(({ lists }) => lists[array]!) }
}

/** `id in ($1, $2)`: how many elements an execution has follows from the number of its parameters. */
function elementsOf(
  samples: readonly ParameterSample[],
  { parameters }: StatementTraits,
  countsLiterals: boolean,
): VaryingList | undefined {
  const start = parameters.findIndex((use) => isListed(use) && use?.operator === 'in')
  if (start < 0) return undefined
  const { column, qualifier } = parameters[start]!
  const isElement = (use: ParameterUse | undefined): boolean =>
    isListed(use) && use?.operator === 'in' && use.column === column && use.qualifier === qualifier
  let end = start
  while (isElement(parameters[end])) end++
  if (parameters.slice(end).some((use) => isListed(use) && use?.operator === 'in')) return undefined
  const others = parameters.length - (end - start)
  const lists = samples.map(({ size, literals, evidence }) => {
    const length = (countsLiterals ? size + literals : size) - others
    return { length, keys: evidence.slice(start, start + Math.max(length, 0)) }
  })
  if (lists.some(({ length }) => length < 1)) return undefined
  return { parameters: Array.from({ length: end - start }, (_, index) => start + index), lists }
}

function isListed(use: ParameterUse | undefined): boolean {
  return use?.clause === 'condition' && !use.negated && /^(?:in|any)$/.test(use.operator ?? '')
}

/** Looks for an earlier result with a column of lists, each of which one execution got: an array or JSON. */
export function proveLists(
  memory: RowMemory,
  { parameters, lists }: VaryingList,
  { samples, shape }: { readonly samples: readonly ParameterSample[]; readonly shape: QueryShape },
): Proof | undefined {
  const effort: Effort = { values: MAX_EFFORT }
  for (const source of memory.newestFirst()) {
    if (source.execution.shape.fingerprint === shape.fingerprint) continue
    for (const column of columnsOf(source)) {
      const own = lists.filter((_, index) => source.knownSince <= samples[index]!.at)
      if (holdsLists(source, column, { lists: own, effort })) {
        return { source, column, parameter: parameters[0]! }
      }
    }
  }
  return undefined
}

function holdsLists(
  source: ReturnedRows,
  column: string,
  { lists, effort }: { readonly lists: readonly SampledList[]; readonly effort: Effort },
): boolean {
  if (lists.length < 2) return false
  const rows = new Map<string, number>()
  listsOf(source, column, effort).forEach((keys, row) => {
    const key = keyOf({ length: keys.length, keys })
    if (key !== undefined && !rows.has(key)) rows.set(key, row)
  })
  const found = lists.flatMap((list) => {
    const row = rows.get(keyOf(list) ?? '')
    return row === undefined ? [] : [{ list, row }]
  })
  if (found.length < 2 || found.length < 0.75 * lists.length) return false
  const isInOrder = found.every(({ row }, index) => index === 0 || row > found[index - 1]!.row)
  const hasDistinctive = found.every(({ list: { keys } }) => keys.some((key) => isDistinctive(key ?? '')))
  return (isInOrder || hasDistinctive) && found.some(({ list }) => list.length > 1)
}

/** Equal for equal lists; the order of a short list does not matter. `undefined` if elements are unknown. */
function keyOf({ length, keys }: SampledList): string | undefined {
  const compared = keys.slice(0, COMPARED)
  if (length === 0 || compared.length < Math.min(length, COMPARED) || compared.includes(undefined))
    return undefined
  if (length <= COMPARED) compared.sort()
  return `${length}\n${compared.join('\n')}`
}

/**
 * Whether most of the lists share elements with another one that does not hold all of theirs, as lists of rows do. Chunks
 * of one list share none. The lists of a growing or shrinking set, such as open jobs, hold one another.
 */
export function areOverlapping(lists: readonly SampledList[]): boolean {
  const sets = lists.map(({ length, keys }) => (keys.length === length ? new Set(keys) : undefined))
  if (sets.includes(undefined)) return false
  const overlaps = (set: Keys): boolean =>
    sets.some((other) => {
      const shared = other === undefined ? 0 : [...set].filter((key) => other.has(key)).length
      return shared > 0 && shared < set.size && shared < other!.size
    })
  return sets.filter((set) => set !== undefined && overlaps(set)).length > lists.length / 2
}

type Keys = ReadonlySet<string | undefined>
