import { types } from 'node:util'

import { QuerylensError } from './errors.js'

/** The rule of one option: its valid values in words, and the check. */
export interface OptionRule {
  readonly takes: string
  accepts(value: unknown): boolean
  /** The value in words, if it cannot be a secret. @default {@link describeValue} */
  describe?(value: unknown): string
}

/** Ready-made rules for {@link checkOptions}. */
export const optionRules: {
  readonly text: OptionRule
  readonly boolean: OptionRule
  readonly port: OptionRule
  /** For a feature that can be switched on or off, or set up. */
  readonly settings: OptionRule
} = {
  text: { takes: 'a non-empty string', accepts: (value) => typeof value === 'string' && value !== '' },
  boolean: { takes: 'true or false', accepts: (value) => typeof value === 'boolean' },
  port: {
    takes: 'an integer from 1 to 65535',
    accepts: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535,
  },
  settings: {
    takes: 'an object with options, true or false',
    accepts: (value) => typeof value === 'boolean' || isPlainObject(value),
  },
}

/** The rule of an option that takes one of a few strings. */
export function oneOf(...values: readonly string[]): OptionRule {
  return {
    takes: values
      .map((value) => `'${value}'`)
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1'),
    accepts: (value) => values.includes(value as string),
  }
}

/**
 * Fails at set-up, where a wrong option can still be seen, instead of ignoring it in production.
 *
 * @param owner the function that takes the options, as the user wrote it: `querylens()`
 * @param prefix `detect.` for the options that the option `detect` holds
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` when `options` is no object,
 *   `QUERYLENS_UNKNOWN_OPTION` for a name that is no option, `QUERYLENS_INVALID_OPTION` for a value
 *   that the option does not take; `undefined` always means the default
 */
export function checkOptions<Options extends object>(
  owner: string,
  options: Options | undefined,
  rules: { readonly [Name in keyof Required<Options>]: OptionRule },
  prefix = '',
): void {
  if (options === undefined) return
  if (!isRecord(options)) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `${owner} takes its options as an object, but got ${describeValue(options)}.`,
    )
  }
  const known: Readonly<Record<string, OptionRule>> = rules
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(known, name) ? known[name] : undefined
    if (rule === undefined) {
      throw new QuerylensError(
        'QUERYLENS_UNKNOWN_OPTION',
        `${owner} has no option '${prefix}${name}'. It takes: ${Object.keys(known)
          .map((other) => `${prefix}${other}`)
          .join(', ')}.`,
      )
    }
    if (value !== undefined && !rule.accepts(value)) {
      throw new QuerylensError(
        'QUERYLENS_INVALID_OPTION',
        `Option '${prefix}${name}' of ${owner} takes ${rule.takes}, but got ${(rule.describe ?? describeValue)(value)}.`,
      )
    }
  }
}

/** Whether a value is an object literal, rather than an instance of a class. */
export function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Whether a value is an object with named fields, of any class. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Words that stand for a value of another type, as the environment has them. No secret is one of them. */
const HARMLESS_WORD = /^(?:true|false|yes|no|on|off|null|undefined|NaN)?$/

/**
 * Describes a value for an error message, which may end up in a log. It shows numbers, but neither strings nor the
 * contents of objects: a secret may be in the wrong place.
 */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') {
    return HARMLESS_WORD.test(value)
      ? `the string "${value}"`
      : `a string of ${value.length} character${value.length === 1 ? '' : 's'}`
  }
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return `the ${typeof value} ${value}`
  }
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  if (types.isRegExp(value)) return 'a regular expression'
  if (types.isDate(value)) return 'a Date'
  if (types.isPromise(value)) return 'a promise'
  return `an object with the keys ${Object.keys(value).slice(0, 8).join(', ') || '(none)'}`
}

/** Describes what a caller passed in place of the function that does the work. */
export function describeWork(work: unknown): string {
  if (types.isPromise(work)) {
    return 'a promise. Pass the function that makes it, () => …, so that the work begins inside'
  }
  if (hasMethod(work, 'execute')) {
    return 'a query. Pass a function that executes it, () => query.execute(), so that the work begins inside'
  }
  if (hasMethod(work, 'then')) {
    return 'an object with the method then. Pass the function that makes it, () => …, so that the work begins inside'
  }
  return describeValue(work)
}

export function hasMethod(value: unknown, name: string): boolean {
  return isRecord(value) && typeof value[name] === 'function'
}
