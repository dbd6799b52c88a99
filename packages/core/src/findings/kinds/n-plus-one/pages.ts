import type { StatementTraits } from '../../../sql/tree/statement-traits.js'
import { varyingParameters, type ParameterSample } from '../../memory/parameter-sample.js'

const RANGE = /^(?:[<>]=?|between)$/

/**
 * Whether the samples read many at once, piece by piece: lists of another length or with other elements each time,
 * arrays.
 */
export function isChunked(samples: readonly ParameterSample[], traits: StatementTraits): boolean {
  const [first] = samples
  if (first === undefined) return false
  if (samples.some(({ size }) => size !== first.size)) return true
  const varying = varyingParameters(samples)
  if (traits.lists && varying.filter((index) => isInList(traits, index)).length > 1) return true
  return isSlice(varying, traits) || varying.some((index) => samples.some(({ isList }) => isList[index]))
}

/**
 * Whether the samples read page after page: what they skip grows, or they go on behind a value, a limited number of
 * rows at a time.
 */
export function isPaged(samples: readonly ParameterSample[], traits: StatementTraits): boolean {
  const varying = varyingParameters(samples)
  const [page, ...others] = varying.toSorted((a, b) => pageRank(traits, a) - pageRank(traits, b))
  if (page === undefined) return false
  if (pageRank(traits, page) > 0) {
    return traits.limited && varying.every((index) => isKeyset(traits, varying, index))
  }
  // What is not the offset, such as a tenant, has to have several pages.
  const readers = new Set(samples.map(({ keys }) => others.map((index) => keys[index]).join('\n')))
  return readers.size < samples.length
}

/** `id > $1 and id <= $2`: everything, one slice after the other. */
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

/** `sent_at < $1`, and in `sent_at < $1 or (sent_at = $2 and id < $3)` all three. */
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
