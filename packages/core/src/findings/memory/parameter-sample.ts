import { listsSeveral } from './list-text.js'
import { evidenceKeyOf, valueKeyOf } from './value-key.js'

/** Loops vary fewer parameters than this; Querylens ignores the parameters beyond it. */
export const MAX_SAMPLED = 16

/** The keys of one execution's parameters. It holds no value of the application. */
export interface ParameterSample {
  /** Number of statements of the scope that had begun before it. */
  readonly at: number
  /** Number of parameters, including those without a key. */
  readonly size: number
  /** By the index of the parameter. */
  readonly keys: readonly string[]
  /** The keys that can be evidence, by index; for a list of one element the key of the element. */
  readonly evidence: readonly (string | undefined)[]
  /** Whether a parameter is a list of several elements, by index. */
  readonly isList: readonly boolean[]
  /** Whether a parameter is a list of several elements or a text of one, such as `[1,2]`, by index. */
  readonly listsSeveral: readonly boolean[]
}

/** Takes a sample of an execution's parameters. */
export function sampleOf(parameters: readonly unknown[], at: number): ParameterSample {
  const sampled = parameters.slice(0, MAX_SAMPLED)
  return {
    at,
    size: parameters.length,
    keys: sampled.map(valueKeyOf),
    evidence: sampled.map((value) => {
      const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
      return evidenceKeyOf(single)
    }),
    isList: sampled.map((value) => Array.isArray(value) && value.length > 1),
    listsSeveral: sampled.map(listsSeveral),
  }
}

/** The indexes of the parameters whose values differ between the samples. */
export function varyingParameters(samples: readonly ParameterSample[]): readonly number[] {
  const [first] = samples
  if (first === undefined) return []
  return first.keys.flatMap((key, index) => (samples.some(({ keys }) => keys[index] !== key) ? [index] : []))
}
