import { describeValue, isPlainObject, type OptionRule } from '../../options.js'

/** The limit of a kind that counts. */
export interface CountLimit {
  /** The finding opens at this number. */
  readonly atLeast?: number | undefined
}

/** The limit of a kind that measures time. */
export interface DurationLimit {
  /** The finding opens at this duration. */
  readonly durationMillis?: number | undefined
}

/** The values that an option of a kind accepts. Its defaults name the limits. */
export interface LimitRule<Limit> {
  readonly defaults: Required<Limit>
  /** The smallest value that each limit takes. */
  readonly smallest: number
}

/** A limit with every default filled in. */
export type ResolvedLimit<Limit> = { readonly [Name in keyof Limit]-?: NonNullable<Limit[Name]> }

/** @returns `undefined` for a kind that is switched off */
export function resolveLimit<Limit extends object>(
  { defaults }: LimitRule<Limit>,
  option: boolean | Limit | undefined,
): ResolvedLimit<Limit> | undefined {
  if (option === false) return undefined
  const given = (typeof option === 'object' ? option : {}) as Readonly<Record<string, unknown>>
  const entries = Object.entries(defaults).map(([name, byDefault]) => [name, given[name] ?? byDefault])
  return Object.fromEntries(entries) as ResolvedLimit<Limit>
}

/** The rule that checks an option of a kind. */
export function limitOptionRule({ defaults, smallest }: LimitRule<object>): OptionRule {
  const names = Object.keys(defaults)
  return {
    takes: `true, false, or an object with ${names.join(', ')}, ${names.length > 1 ? 'each ' : ''}an integer of ${smallest} or more`,
    describe(value) {
      if (!isPlainObject(value)) return describeValue(value)
      const entries = Object.entries(value).map(([name, amount]) => `${name}: ${describeValue(amount)}`)
      return `{ ${entries.join(', ')} }`
    },
    accepts(value) {
      if (typeof value === 'boolean') return true
      if (!isPlainObject(value)) return false
      return Object.entries(value).every(
        ([name, amount]) =>
          names.includes(name) &&
          (amount === undefined || (Number.isInteger(amount) && (amount as number) >= smallest)),
      )
    },
  }
}
