import { types } from 'node:util'

import { NO_LITERALS, type Literals } from '../../sql/tree/literals.js'
import { isListText } from './list-text.js'
import { evidenceKeyOf, valueKeyOf } from './value-key.js'

/** Loops vary fewer parameters than this; Querylens ignores the parameters and literals beyond it. */
export const MAX_SAMPLED = 16

/** The keys of one execution's parameters. It holds no value of the application. */
export interface ParameterSample {
  /** Number of statements of the scope that had begun before it. */
  readonly at: number
  /** Number of parameters, including those without a key. */
  readonly size: number
  /** Number of literals in the text. They follow the parameters. */
  readonly literals: number
  /** By the index of the parameter. */
  readonly keys: readonly string[]
  /** The keys that can be evidence, by index; for a list of one element the key of the element. */
  readonly evidence: readonly (string | undefined)[]
  /** Whether a parameter is a list of several elements, by index. */
  readonly isList: readonly boolean[]
  /** Whether a parameter is a text of several elements, such as `[1,2]`, by index. */
  readonly isListText: readonly boolean[]
  /** The parameters that are lists, by index. */
  readonly lists: readonly (SampledList | undefined)[]
}

/** A list, as an array or as the elements of an `IN`. */
export interface SampledList {
  readonly length: number
  /** The keys of its first elements that can be evidence. */
  readonly keys: readonly (string | undefined)[]
}

/** Takes a sample of an execution's parameters, and of the literals in its text. */
export function sampleOf(
  parameters: readonly unknown[],
  at: number,
  literals: Literals = NO_LITERALS,
): ParameterSample {
  const sampled = withLiterals(parameters, literals)
  return {
    at,
    size: parameters.length,
    literals: literals.count,
    keys: sampled.map(valueKeyOf),
    evidence: sampled.map((value) => {
      const single: unknown = isList(value) && value.length === 1 ? value[0] : value
      return evidenceKeyOf(single)
    }),
    isList: sampled.map((value) => isList(value) && value.length > 1),
    isListText: sampled.map(isListText),
    lists: sampled.map((value) => {
      if (!isList(value)) return undefined
      return { length: value.length, keys: value.slice(0, MAX_SAMPLED).map(evidenceKeyOf) }
    }),
  }
}

/** The traps of a proxy are code of the application. */
function isList(value: unknown): value is readonly unknown[] {
  return !types.isProxy(value) && Array.isArray(value)
}

/** The parameters and literals that are compared one by one. */
export function withLiterals(parameters: readonly unknown[], { values }: Literals): readonly unknown[] {
  return values.length === 0
    ? parameters.slice(0, MAX_SAMPLED)
    : [...parameters, ...values].slice(0, MAX_SAMPLED)
}

/** The indexes of the parameters whose values differ between the samples. */
export function varyingParameters(samples: readonly ParameterSample[]): readonly number[] {
  const [first] = samples
  if (first === undefined) return []
  return first.keys.flatMap((key, index) => (samples.some(({ keys }) => keys[index] !== key) ? [index] : []))
}
