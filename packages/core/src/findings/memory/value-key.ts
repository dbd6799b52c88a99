import { types } from 'node:util'

import { timeOf, ValueHash } from './value-hash.js'

/** Longer strings become a hash. */
const MAX_PLAIN = 64
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Prefix of keys that are made from values other than text, so that no text equals them. */
const TYPED = '\u0001'

let unknowns = 0

/**
 * The key by which Querylens compares a parameter with returned values. A `bigint` that the driver returned as a string
 * equals the number that the application sends, a `Date` equals its ISO text, and a UUID equals the same one in
 * capitals. Keys never leave the process. The function never throws and never runs code of the application.
 *
 * @returns `undefined` for a value that cannot be evidence: `true`, `null` and `''` occur in every table
 */
export function evidenceKeyOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      if (value === '') return undefined
      if (value.length === 36 && UUID.test(value)) return value.toLowerCase()
      if (value.length === 24 && ISO_TIME.test(value)) return `${TYPED}d${Date.parse(value)}`
      return value.length <= MAX_PLAIN ? value : hashedKeyOf(value)
    case 'number':
      return Number.isNaN(value) ? undefined : String(value)
    case 'bigint':
      return String(value)
    case 'object':
      if (value === null || types.isProxy(value)) return undefined
      if (types.isDate(value)) {
        const time = timeOf(value)
        return Number.isNaN(time) ? undefined : `${TYPED}d${time}`
      }
      return types.isUint8Array(value) ? hashedKeyOf(value) : undefined
    default:
      return undefined
  }
}

/** The key by which Querylens compares a parameter with the same one of other executions. A value too large equals none. */
export function valueKeyOf(value: unknown): string {
  return evidenceKeyOf(value) ?? hashedKeyOf(value) ?? `${TYPED}?${++unknowns}`
}

/**
 * Whether two equal values are hardly a coincidence: UUIDs, times, addresses and texts with digits. Numbers may always be
 * a coincidence, because the keys of two tables overlap.
 */
export function isDistinctive(key: string): boolean {
  if (key.startsWith(TYPED) || key.length >= 24) return true
  if (/^-?\d+(?:\.\d+)?$/.test(key)) return false
  return (key.length >= 8 && /\d/.test(key)) || key.includes('@')
}

/** The keys of a list of parameters and of the literals in the statement's text: integers of 53 bits. */
export interface ParametersKey {
  /**
   * Equal only for equal values. `undefined` if a value is too large or of an unknown type, or may have changed unseen, or
   * if Querylens could not read the literals.
   */
  readonly whole: number | undefined
  /**
   * The same for the visible data. It is equal for two instances of a class with equal fields, whose driver may read more
   * than the fields.
   */
  readonly visible: number | undefined
}

/** @param literals their hash; `undefined` if Querylens could not read them */
export function parametersKeyOf(parameters: readonly unknown[], literals: number | undefined): ParametersKey {
  const hash = new ValueHash()
  hash.addNumber(literals ?? 0)
  for (const parameter of parameters) hash.addValue(parameter, 0)
  if (literals === undefined || !hash.isWhole) return { whole: undefined, visible: undefined }
  return { whole: hash.showsChanges ? hash.toIdentity() : undefined, visible: hash.toNumber() }
}

function hashedKeyOf(value: unknown): string | undefined {
  const hash = new ValueHash()
  hash.addValue(value, 0)
  return hash.isWhole ? `${TYPED}${typeof value}${hash.toNumber()}` : undefined
}
