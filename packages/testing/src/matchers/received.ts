import { describeValue, isRecord } from '@querylens/core/internal'

import { invalidArgument } from '../invalid-argument.js'
import { isCaptured, isThenable } from '../assertions/captured-argument.js'
import type { CapturedQueries } from '../recording/captured-queries.js'

/** What a matcher checks. */
export interface Receives {
  /** `toHaveQueryCount` */
  readonly name: string
  readonly takes: 'captured queries' | 'a function' | 'either'
  /** The matcher that takes the other one, as code; after `expect(queries).` or `expect(() => …).` */
  readonly other?: string
}

/** The value that a matcher checks. */
export type Received =
  | { readonly queries: CapturedQueries }
  | { readonly work: (...values: readonly unknown[]) => unknown }

/**
 * Reads the value that `expect` got.
 *
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` for one that the matcher does not take, with the line to write
 */
export function readReceived({ name, takes, other }: Receives, value: unknown): Received {
  if (isCaptured(value)) {
    if (takes !== 'a function') return { queries: value }
    const instead = other === undefined ? '' : ` For captured queries write expect(queries).${other}.`
    throw invalidArgument(`${name}() takes a function, but got captured queries.${instead}`)
  }
  if (typeof value === 'function') {
    if (takes !== 'captured queries') return { work: value as (...values: readonly unknown[]) => unknown }
    const instead =
      other === undefined
        ? 'Capture its queries: const queries = await captureQueries(() => …).'
        : `For a function write await expect(() => …).${other}.`
    throw invalidArgument(`${name}() takes captured queries, but got a function. ${instead}`)
  }
  const wanted = {
    'captured queries': 'captured queries',
    'a function': 'a function',
    either: 'captured queries or a function',
  }[takes]
  throw invalidArgument(`${name}() takes ${wanted}, but got ${describeReceived(value, takes)}`)
}

const CAPTURE = 'const queries = await captureQueries(() => …)'

function describeReceived(value: unknown, takes: Receives['takes']): string {
  const toCapture =
    takes === 'a function' ? 'Pass the function that runs the queries: expect(() => …).' : undefined
  if (isThenable(value)) {
    // It may reject, and nobody else waits for it.
    Promise.resolve(value).catch(() => {})
    return takes === 'a function'
      ? 'a promise, whose work has begun. Pass the function that makes it: await expect(() => …).'
      : `a promise. Write await before captureQueries: ${CAPTURE}.`
  }
  const hint = toCapture ?? `Pass what captureQueries resolves to: ${CAPTURE}.`
  const className = isRecord(value) ? nameOfClass(value) : undefined
  return `${className === undefined ? describeValue(value) : `an instance of ${className}`}. ${hint}`
}

/** The name of a class is no secret, and says more than the keys of an object: `Kysely`, `Response`. */
function nameOfClass(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value)
  const name: unknown = isRecord(prototype)
    ? (prototype['constructor'] as { name?: unknown })?.name
    : undefined
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : undefined
}
