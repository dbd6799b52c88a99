import type { QueryShape } from '../sql/query-shape.js'
import type { ParameterUse, StatementTraits } from '../sql/statement-traits.js'
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
  shape: QueryShape,
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
        const relation = relate(source, column, use, shape)
        if (relation === 0 && !telling) continue
        const score = 4 * relation + (telling ? 2 : 0) + matches / keys.size
        if (score <= bestScore) continue
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
  shape: QueryShape,
): boolean {
  return memory.newestFirst().some(
    (source) =>
      source.knownSince <= at &&
      columnsOf(source).some((column) =>
        parameters.slice(0, MAX_PARAMETERS).some((value, index) => {
          if (!isEvidence(value)) return false
          const key = valueKeyOf(value)
          const isLikely = isTelling(key) || relate(source, column, traits.parameters[index], shape) > 0
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

/** How much the names of a source's column and of what a parameter is compared with speak for a reference. */
function relate(source: RowSource, column: string, use: ParameterUse | undefined, shape: QueryShape): number {
  const from = placeOf(column, source.execution.shape)
  const to = placeOf(use?.column, shape)
  return from === undefined || to === undefined ? 0 : relationOf(from, to)
}

/** What is compared: a column of a statement's table. */
interface Place {
  readonly column: string
  readonly table: string
}

/**
 * How much two names speak for a reference between them: 2 for `comments.post_id` and `posts.id`, `authors.id` and
 * `posts.author_id`, or the same name in both; 1 for `authors.id` and `posts.writer_id`; 0 for none.
 */
function relationOf(source: Place, parameter: Place): number {
  if (source.column === parameter.column) {
    return isGeneric(source.column) && source.table !== parameter.table ? 1 : 2
  }
  if (isGeneric(source.column)) return referenceTo(source, parameter.column)
  return isGeneric(parameter.column) ? referenceTo(parameter, source.column) : 0
}

/** Whether a column, such as `author_id`, refers to a key, such as `authors.id`. */
function referenceTo({ column: key, table }: Place, reference: string): number {
  if (!reference.endsWith(key)) return 0
  const name = reference.slice(0, -key.length)
  // `category` and `categories` differ at the end.
  return name.length > 2 && table.startsWith(name.slice(0, -1)) ? 2 : 1
}

function isGeneric(column: string): boolean {
  return /^(?:id|uuid|guid|key|code|no|number|slug|ref)$/.test(column)
}

function placeOf(column: string | undefined, { tables }: QueryShape): Place | undefined {
  if (column === undefined) return undefined
  const [table = ''] = tables
  return { column: comparable(column), table: comparable(table.slice(table.lastIndexOf('.') + 1)) }
}

/** `post_id` and `postId` are one. */
function comparable(name: string): string {
  return name.replace(/[_"]/g, '').toLowerCase()
}
