import { invalidArgument } from '../invalid-argument.js'
import { describeValue, isRecord } from '@querylens/core/internal'

/** How many queries there may be: exactly so many, or a range. `{ max: 2 }` is 1 or 2; `{ min: 0, max: 2 }` also none. */
export type CountRange = number | { readonly min?: number | undefined; readonly max?: number | undefined }

/** A {@link CountRange} with both ends. */
export interface ResolvedRange {
  readonly min: number
  /** `Infinity` for no limit. */
  readonly max: number
}

/**
 * Fills in what a range leaves out. Zero is in it where it is asked for only: code that sent nothing, because it ran
 * somewhere else, would otherwise pass.
 */
export function rangeBetween(min: number | undefined, max: number | undefined): ResolvedRange {
  return { min: min ?? (max === 0 ? 0 : 1), max: max ?? Infinity }
}

/**
 * Reads what a user wrote for one count.
 *
 * @param owner what it belongs to, as the user wrote it: `select of assertQueryCount()`
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if it is no count
 */
export function resolveRange(owner: string, value: unknown): ResolvedRange {
  if (isCount(value)) return { min: value, max: value }
  if (!isRecord(value))
    throw invalidArgument(`${owner} takes ${COUNT_OR_RANGE}, but got ${describeValue(value)}.`)
  const { min, max, ...others } = value
  const [other] = Object.keys(others)
  if (other !== undefined || (min === undefined && max === undefined)) {
    throw invalidArgument(`${owner} takes ${COUNT_OR_RANGE}, but got ${describeValue(value)}.`)
  }
  return checkedRange(owner, min, max)
}

/** @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if an end is no count, or the two are in the wrong order */
export function checkedRange(owner: string, min: unknown, max: unknown): ResolvedRange {
  const [least, most] = [checkedCount(owner, 'min', min), checkedCount(owner, 'max', max)]
  if (least !== undefined && most !== undefined && least > most) {
    throw invalidArgument(`${owner} can never hold: min is ${least}, and max is ${most}.`)
  }
  return rangeBetween(least, most)
}

/** @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` if it is given and no whole number from 0 */
export function checkedCount(owner: string, name: string, value: unknown): number | undefined {
  if (value === undefined || isCount(value)) return value
  throw invalidArgument(`${name} of ${owner} takes a whole number from 0, but got ${describeValue(value)}.`)
}

export function isInRange(count: number, { min, max }: ResolvedRange): boolean {
  return count >= min && count <= max
}

/** `2`, `at most 2`, `at least 1`, `2 to 4` */
export function describeRange({ min, max }: ResolvedRange): string {
  if (min === max) return String(min)
  if (max === Infinity) return `at least ${min}`
  return min <= 1 ? `at most ${max}` : `${min} to ${max}`
}

const COUNT_OR_RANGE = 'a whole number from 0, or an object with min, max or both'

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0
}
