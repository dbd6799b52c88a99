import type { StatementTraits } from '../sql/statement-traits.js'
import { varyingParameters, type Sample } from './sample.js'

const RANGE = /^(?:[<>]=?|between)$/

/**
 * Whether the samples read many at once, piece by piece: lists of another length or with other elements each time,
 * arrays.
 */
export function isChunked(samples: readonly Sample[], traits: StatementTraits): boolean {
  const [first] = samples
  if (first === undefined) return false
  if (samples.some(({ size }) => size !== first.size)) return true
  const varying = varyingParameters(samples)
  if (traits.lists && varying.filter((index) => isInList(traits, index)).length > 1) return true
  return varying.some((index) => samples.some(({ isList }) => isList[index]))
}

/**
 * Whether the samples read page after page: what they skip grows, or they go on behind a value, a limited number of
 * rows at a time.
 */
export function isPaged(samples: readonly Sample[], traits: StatementTraits): boolean {
  const varying = varyingParameters(samples)
  const [page, ...others] = varying.toSorted((a, b) => pageRank(traits, a) - pageRank(traits, b))
  if (page === undefined) return false
  if (pageRank(traits, page) > 0) {
    return traits.limited && varying.every((index) => RANGE.test(traits.parameters[index]?.operator ?? ''))
  }
  // What is not the offset, such as a tenant, has to have several pages.
  const readers = new Set(samples.map(({ keys }) => others.map((index) => keys[index]).join('\n')))
  return readers.size < samples.length
}

function pageRank(traits: StatementTraits, index: number): number {
  return traits.parameters[index]?.clause === 'offset' ? 0 : 1
}

function isInList(traits: StatementTraits, index: number): boolean {
  const use = traits.parameters[index]
  return use === undefined || use.operator === 'in' || use.clause === 'values'
}
