import type { StatementTraits } from '../../../sql/tree/statement-traits.js'
import { varyingParameters, type ParameterSample } from '../../memory/parameter-sample.js'

const RANGE = /^(?:[<>]=?|between)$/

/**
 * Whether the samples read or write in chunks: with lists whose lengths or elements differ between executions, with
 * arrays, or with slices of a range.
 */
export function isChunked(samples: readonly ParameterSample[], traits: StatementTraits): boolean {
  const [first] = samples
  if (first === undefined) return false
  if (samples.some(({ size, literals }) => size !== first.size || literals !== first.literals)) return true
  const varying = varyingParameters(samples)
  if (traits.lists && varying.filter((index) => isInList(traits, index)).length > 1) return true
  return isSlice(varying, traits) || varying.some((index) => holdsMany(samples, traits, index))
}

/**
 * Whether the samples read page after page: with an OFFSET that differs, or with a condition that continues after the last
 * row of the page before, and a LIMIT or an ORDER BY.
 */
export function isPaged(samples: readonly ParameterSample[], traits: StatementTraits): boolean {
  const varying = varyingParameters(samples)
  const [page, ...others] = varying.toSorted((a, b) => pageRank(traits, a) - pageRank(traits, b))
  if (page === undefined) return false
  if (pageRank(traits, page) > 0) {
    // Without a LIMIT, a condition in the order of the rows reads what has come since.
    const continues = traits.limited || traits.outline?.ordered === true
    return continues && varying.every((index) => isKeyset(traits, varying, index))
  }
  // For at least one set of the other parameters, such as a tenant, there have to be several pages.
  const readers = new Set(samples.map(({ keys }) => others.map((index) => keys[index]).join('\n')))
  return readers.size < samples.length
}

/** Whether a parameter holds several rows or keys: a list, or a text of one that the statement takes apart. */
function holdsMany(
  samples: readonly ParameterSample[],
  { bulk, parameters }: StatementTraits,
  index: number,
): boolean {
  const isTakenApart = bulk.includes(index)
  const clause = parameters[index]?.clause
  // The value of a column: an array, or JSON.
  if (!isTakenApart && (clause === 'values' || clause === 'set')) return false
  return samples.some(({ isList, isListText }) => isList[index] || (isTakenApart && isListText[index]))
}

/** Whether the samples read one slice of a range after the other: `id > $1 and id <= $2`. */
function isSlice(varying: readonly number[], { parameters }: StatementTraits): boolean {
  const [first, second, ...others] = varying.map((index) => parameters[index])
  return (
    others.length === 0 &&
    first?.column !== undefined &&
    first.column === second?.column &&
    RANGE.test(first.operator ?? '') &&
    RANGE.test(second.operator ?? '')
  )
}

/** Whether a parameter belongs to a keyset condition: `sent_at < $1 or (sent_at = $2 and id < $3)` has three. */
function isKeyset({ parameters }: StatementTraits, varying: readonly number[], index: number): boolean {
  const column = parameters[index]?.column
  return varying.some((other) => {
    const use = parameters[other]
    return (
      (other === index || (column !== undefined && use?.column === column)) && RANGE.test(use?.operator ?? '')
    )
  })
}

function pageRank(traits: StatementTraits, index: number): number {
  return traits.parameters[index]?.clause === 'offset' ? 0 : 1
}

function isInList(traits: StatementTraits, index: number): boolean {
  const use = traits.parameters[index]
  return use === undefined || use.operator === 'in' || use.clause === 'values'
}
