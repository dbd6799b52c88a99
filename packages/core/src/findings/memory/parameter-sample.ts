import { evidenceKeyOf, valueKeyOf } from './value-key.js'

/** More parameters than any loop varies; the rest is not looked at. */
export const MAX_SAMPLED = 16

/** The parameters of one execution, as far as they are compared: no value of the application's is held. */
export interface ParameterSample {
  /** How many statements of the scope had begun before it. */
  readonly at: number
  /** How many parameters it had. */
  readonly size: number
  /** By the parameter's place. */
  readonly keys: readonly string[]
  /** Those that can be evidence; of a list of one its element. */
  readonly evidence: readonly (string | undefined)[]
  /** Whether a parameter is a list of several. */
  readonly isList: readonly boolean[]
}

/** Takes a sample of an execution's parameters. */
export function sampleOf(parameters: readonly unknown[], at: number): ParameterSample {
  const some = parameters.slice(0, MAX_SAMPLED)
  return {
    at,
    size: parameters.length,
    keys: some.map(valueKeyOf),
    evidence: some.map((value) => {
      const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
      return evidenceKeyOf(single)
    }),
    isList: some.map((value) => Array.isArray(value) && value.length > 1),
  }
}

/** Which parameters have another value in one sample than in another. */
export function varyingParameters(samples: readonly ParameterSample[]): readonly number[] {
  const [first] = samples
  if (first === undefined) return []
  return first.keys.flatMap((key, index) => (samples.some(({ keys }) => keys[index] !== key) ? [index] : []))
}
