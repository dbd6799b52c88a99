/** Limit for the UTF-16 units, bytes and elements of one hashed value, or of one hashed list of parameters. */
const MAX_UNITS = 64 * 1024
/** Units that each value costs in addition to its contents. */
const UNITS_EACH = 4
const MAX_DEPTH = 8
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
      if (value instanceof Date) {
        const time = value.getTime()
        return Number.isNaN(time) ? undefined : `${TYPED}d${time}`
      }
      return value instanceof Uint8Array ? hashedKeyOf(value) : undefined
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

/**
 * A 53-bit hash of a list of parameters and of the literals in the statement's text.
 *
 * @param literals their hash; `undefined` if Querylens could not read them
 * @returns `undefined` if a value is too large or of an unknown type
 */
export function parametersKeyOf(
  parameters: readonly unknown[],
  literals: number | undefined,
): number | undefined {
  if (literals === undefined) return undefined
  const hash = new ValueHash()
  hash.addNumber(literals)
  for (const parameter of parameters) hash.addValue(parameter, 0)
  return hash.isWhole ? hash.toNumber() : undefined
}

function hashedKeyOf(value: unknown): string | undefined {
  const hash = new ValueHash()
  hash.addValue(value, 0)
  return hash.isWhole ? `${TYPED}${typeof value}${hash.toNumber()}` : undefined
}

/** Hashes values within bounds. Equal lists of values have equal hashes. */
class ValueHash {
  /** Whether it has hashed all values completely. */
  isWhole: boolean = true
  #a = 0x2f0b4c47
  #b = 0x5bd1e995
  #units = 0

  addNumber(value: number): void {
    this.#mix(value | 0)
    this.#mix(Math.floor(value / 0x1_0000_0000) | 0)
  }

  addValue(value: unknown, depth: number): void {
    if (!this.#spend(UNITS_EACH) || depth > MAX_DEPTH) {
      this.isWhole = false
      return
    }
    switch (typeof value) {
      case 'string':
      case 'number':
      case 'bigint':
        return this.#addText('s', String(value))
      case 'boolean':
        return this.#addText('b', String(value))
      case 'undefined':
        return this.#mix(1)
      case 'object':
        return value === null ? this.#mix(2) : this.#addObject(value, depth)
      default:
        this.isWhole = false
    }
  }

  toNumber(): number {
    const a = this.#a ^ (this.#a >>> 15)
    const b = this.#b ^ (this.#b >>> 13)
    return (a >>> 0) * 0x20_0000 + (b >>> 11)
  }

  #addObject(value: object, depth: number): void {
    if (value instanceof Date) return this.#addText('d', String(value.getTime()))
    if (value instanceof Uint8Array) return this.#addBytes(value)
    if (Array.isArray(value)) {
      this.#addText('a', String(value.length))
      for (let index = 0; index < value.length && this.isWhole; index++) {
        this.addValue(value[index], depth + 1)
      }
      return
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    // Only the driver may call a getter or `toJSON`: they are code of the application.
    if (prototype !== Object.prototype && prototype !== null) {
      this.isWhole = false
      return
    }
    for (const name of Object.keys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, name)
      if (property === undefined || !('value' in property) || name === 'toJSON') this.isWhole = false
      if (!this.isWhole) return
      this.#addText('k', name)
      this.addValue(property!.value, depth + 1)
    }
    this.#mix(3)
  }

  #addText(kind: string, text: string): void {
    if (!this.#spend(text.length)) return
    this.#mix(kind.charCodeAt(0))
    // The length tells ('ab', 'c') from ('a', 'bc').
    this.#mix(text.length)
    for (let position = 0; position < text.length; position++) this.#mix(text.charCodeAt(position))
  }

  #addBytes(bytes: Uint8Array): void {
    if (!this.#spend(bytes.length)) return
    this.#mix(bytes.length)
    for (let position = 0; position < bytes.length; position++) this.#mix(bytes[position]!)
  }

  #spend(units: number): boolean {
    this.#units += units
    if (this.#units > MAX_UNITS) this.isWhole = false
    return this.isWhole
  }

  #mix(code: number): void {
    this.#a = Math.imul(this.#a ^ code, 0x01000193)
    this.#b = Math.imul(this.#b ^ code, 0x5bd1e995)
    this.#b ^= this.#b >>> 13
  }
}
