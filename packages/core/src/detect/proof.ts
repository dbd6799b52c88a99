import type { StatementTraits } from '../sql/statement-traits.js'
import { columnsOf, valuesOf, type RowMemory, type RowSource } from './row-memory.js'
import { isEvidence, isTelling, valueKeyOf } from './value-key.js'

/** One execution of a statement that repeats, as far as its parameters are concerned. */
export interface Sample {
  readonly parameters: readonly unknown[]
  /** How many statements of the scope had begun before it. */
  readonly at: number
}

/** Where the parameters of repeats came from. */
export interface Proof {
  readonly source: RowSource
  readonly column: string
  /** Which parameter, from 0. */
  readonly parameter: number
}

const MAX_PARAMETERS = 16

/**
 * Looks for one earlier statement that returned the parameters of at least two of the samples, in one column. A
 * name that speaks for it (`post_id` and `id`), or values that hardly meet by chance, are needed as well: small
 * numbers are everywhere.
 */
export function prove(
  memory: RowMemory,
  samples: readonly Sample[],
  traits: StatementTraits,
): Proof | undefined {
  if (memory.isEmpty) return undefined
  const sources = memory.newestFirst()
  let best: Proof | undefined
  let bestScore = 0
  for (const parameter of varyingParameters(samples)) {
    const use = traits.parameters[parameter]
    if (use?.clause === 'limit' || use?.clause === 'offset') continue
    for (const source of sources) {
      const keys = keysFor(source, samples, parameter)
      if (keys.size < 2) continue
      for (const column of columnsOf(source)) {
        const values = valuesOf(source, column)
        let matches = 0
        let telling = false
        for (const key of keys) {
          if (!values.has(key)) continue
          matches++
          telling ||= isTelling(key)
        }
        if (matches < 2) continue
        const score = (isRelated(column, use?.column) ? 4 : 0) + (telling ? 2 : 0) + matches / keys.size
        if (score < 2 || score <= bestScore) continue
        bestScore = score
        best = { source, column, parameter }
      }
    }
  }
  return best
}

/** Whether a parameter's value stands in several rows of a source: then a loop over these rows repeats it. */
export function isInSeveralRows(
  memory: RowMemory,
  { parameters, at }: Sample,
  traits: StatementTraits,
): boolean {
  return memory.newestFirst().some(
    (source) =>
      source.knownSince <= at &&
      columnsOf(source).some((column) =>
        parameters.slice(0, MAX_PARAMETERS).some((value, index) => {
          if (!isEvidence(value)) return false
          const key = valueKeyOf(value)
          const isLikely = isTelling(key) || isRelated(column, traits.parameters[index]?.column)
          return isLikely && (valuesOf(source, column).get(key) ?? 0) > 1
        }),
      ),
  )
}

/** Which parameters have another value in one sample than in another. */
export function varyingParameters(samples: readonly Sample[]): readonly number[] {
  const [first] = samples
  if (first === undefined) return []
  const varying: number[] = []
  for (let index = 0; index < Math.min(first.parameters.length, MAX_PARAMETERS); index++) {
    const key = valueKeyOf(first.parameters[index])
    if (samples.some(({ parameters }) => valueKeyOf(parameters[index]) !== key)) varying.push(index)
  }
  return varying
}

/**
 * Whether the samples read many at once, piece by piece: lists of another length or with other elements each time,
 * arrays.
 */
export function isChunked(samples: readonly Sample[], traits: StatementTraits): boolean {
  const [first] = samples
  if (first === undefined) return false
  if (samples.some(({ parameters }) => parameters.length !== first.parameters.length)) return true
  const varying = varyingParameters(samples)
  if (traits.lists && varying.filter((index) => isInList(traits, index)).length > 1) return true
  return varying.some((index) =>
    samples.some(({ parameters }) => {
      const value = parameters[index]
      return Array.isArray(value) && value.length > 1
    }),
  )
}

/**
 * Whether the samples read page after page: the parameter of each comes from the page before it, or what they skip
 * grows in equal steps.
 */
export function isPaged(
  memory: RowMemory,
  samples: readonly Sample[],
  traits: StatementTraits,
  fingerprint: string,
): boolean {
  const varying = varyingParameters(samples)
  if (traits.offset && varying.length <= 1) return varying.every((index) => growsEvenly(samples, index))
  if (!traits.limited) return false
  const pages = memory.newestFirst().filter(({ execution }) => execution.shape.fingerprint === fingerprint)
  const later = samples.slice(1)
  const continued = later.filter(({ parameters, at }) =>
    pages.some(
      (page) =>
        page.knownSince <= at &&
        varying.some((index) => {
          const key = valueKeyOf(parameters[index])
          return columnsOf(page).some((column) => valuesOf(page, column).has(key))
        }),
    ),
  )
  return later.length > 0 && continued.length >= later.length / 2
}

function isInList(traits: StatementTraits, index: number): boolean {
  const use = traits.parameters[index]
  return use === undefined || use.operator === 'in' || use.clause === 'values'
}

function growsEvenly(samples: readonly Sample[], index: number): boolean {
  const values = samples.map(({ parameters }) => Number(parameters[index]))
  const step = (values[1] ?? 0) - (values[0] ?? 0)
  return values.every((value, position) => position === 0 || value - values[position - 1]! === step)
}

function keysFor(source: RowSource, samples: readonly Sample[], parameter: number): ReadonlySet<string> {
  const keys = new Set<string>()
  for (const { parameters, at } of samples) {
    const value = parameters[parameter]
    if (source.knownSince > at) continue
    // A list of one.
    const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
    if (isEvidence(single)) keys.add(valueKeyOf(single))
  }
  return keys
}

/** `post_id` is related to `id`, to `post_id` and to `postId`. */
function isRelated(sourceColumn: string, parameterColumn: string | undefined): boolean {
  if (parameterColumn === undefined) return false
  const [one, other] = [sourceColumn, parameterColumn].map((name) => name.replaceAll('_', '').toLowerCase())
  return one === other || isKeyOf(one!, other!) || isKeyOf(other!, one!)
}

/** `id` and `postid`, `uuid` and `postuuid`, `code` and `countrycode`. */
function isKeyOf(key: string, reference: string): boolean {
  return /^(?:id|uuid|guid|key|code|no|number|slug|ref)$/.test(key) && reference.endsWith(key)
}
