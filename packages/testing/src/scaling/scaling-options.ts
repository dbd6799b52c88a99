import { checkOptions, isRecord } from '@querylens/core/internal'

import type { CaptureOptions } from '../capture/capture-options.js'

/** The options of `assertScalesConstantly` and `toScaleConstantly`. All are optional. */
export interface ScalingOptions {
  /**
   * Is awaited before each size. It has to leave `size` rows in the database, either by adding those that are missing or by
   * starting again. Its queries do not count.
   *
   * @default the function itself makes its data, from the size that it gets
   */
  readonly populate?: ((size: number) => unknown) | undefined
  /** At least two sizes, each larger than the one before. @default [2, 20] */
  readonly sizes?: readonly number[] | undefined
  /**
   * How many times more often a statement may run with a larger size than with a smaller one, such as for writes in chunks
   * of 1,000 rows.
   *
   * @default 0
   */
  readonly tolerance?: number | undefined
  /** The options of the capture of each size. */
  readonly capture?: CaptureOptions | undefined
}

/** {@link ScalingOptions} with every default filled in. */
export interface ResolvedScalingOptions {
  readonly populate: (size: number) => unknown
  readonly sizes: readonly number[]
  readonly tolerance: number
  readonly capture: CaptureOptions
}

/**
 * @param owner the assertion, for errors: `toScaleConstantly()`
 * @throws QuerylensError for a name that is no option, and for a value that an option does not take
 */
export function resolveScalingOptions(
  owner: string,
  options: ScalingOptions | undefined,
): ResolvedScalingOptions {
  checkOptions<ScalingOptions>(owner, options, {
    populate: { takes: 'a function, such as (size) => …', accepts: (value) => typeof value === 'function' },
    sizes: {
      takes: 'an array of two or more whole numbers, each larger than the one before',
      accepts: isAscending,
    },
    tolerance: {
      takes: 'a whole number from 0',
      accepts: (value) => Number.isInteger(value) && (value as number) >= 0,
    },
    capture: { takes: 'an object with options', accepts: isRecord },
  })
  return {
    populate: options?.populate ?? (() => {}),
    sizes: options?.sizes ?? [2, 20],
    tolerance: options?.tolerance ?? 0,
    capture: options?.capture ?? {},
  }
}

function isAscending(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 2) return false
  return value.every(
    (size, index) => Number.isInteger(size) && size >= 0 && (index === 0 || size > value[index - 1]),
  )
}
