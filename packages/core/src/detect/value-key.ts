/** Longer strings are compared by their length, beginning and end. */
const MAX_STRING = 512
const MAX_BYTES = 64
const MAX_ELEMENTS = 128
const MAX_TEXT = 20_000
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Values of classes that we know nothing of: each object is equal to itself alone. */
const identities = new WeakMap<object, number>()
let lastIdentity = 0

/**
 * A value as it is compared: a `bigint` that came back as a string equals the number that went out, a `Date` its
 * ISO text. Never leaves the process. Never throws.
 */
export function valueKeyOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      if (value.length === 36 && UUID.test(value)) return value.toLowerCase()
      return value.length <= MAX_STRING
        ? value
        : `${value.length}:${value.slice(0, MAX_STRING / 2)}…${value.slice(-MAX_STRING / 2)}`
    case 'number':
    case 'bigint':
      return String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      return value === null ? '\0' : objectKeyOf(value)
    default:
      return '\0'
  }
}

/** Whether a value can be evidence: everything has `true` and `null` in it. */
export function isEvidence(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
      return value !== ''
    case 'number':
    case 'bigint':
      return true
    case 'object':
      return value instanceof Date || value instanceof Uint8Array
    default:
      return false
  }
}

/** Whether two equal values are hardly a coincidence: a UUID, a time, a number that is no small one. */
export function isTelling(key: string): boolean {
  return key.length >= 8 || (key.length >= 4 && /^-?\d+$/.test(key))
}

/** A 53-bit hash of a list of parameters, and of the statement if values stand in its text. */
export function parametersKeyOf(parameters: readonly unknown[], sql: string | undefined): number {
  let a = 0x9e3779b9 ^ parameters.length
  let b = 0x85ebca6b
  const step = Math.max(1, Math.ceil(parameters.length / MAX_ELEMENTS))
  for (let index = -1; index < parameters.length; index += index < 0 ? 1 : step) {
    const key = index < 0 ? (sql ?? '').slice(0, MAX_TEXT) : valueKeyOf(parameters[index])
    for (let position = 0; position < key.length; position++) {
      const code = key.charCodeAt(position)
      a = Math.imul(a ^ code, 0x01000193)
      b = Math.imul(b ^ code, 0x5bd1e995)
      b ^= b >>> 13
    }
    // So that ('ab', 'c') is not ('a', 'bc').
    a = Math.imul(a ^ 0x1ff, 0x01000193)
    b = Math.imul(b ^ 0x1ff, 0x5bd1e995)
  }
  a ^= a >>> 15
  b ^= b >>> 13
  return (a >>> 0) * 0x20_0000 + (b >>> 11)
}

function objectKeyOf(value: object): string {
  try {
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? '\0' : value.toISOString()
    if (value instanceof Uint8Array) {
      return `${value.byteLength}:${Buffer.from(value.buffer, value.byteOffset, Math.min(value.byteLength, MAX_BYTES)).toString('hex')}`
    }
    if (Array.isArray(value)) {
      const keys = value.slice(0, MAX_ELEMENTS).map(valueKeyOf)
      return `[${value.length}:${keys.join('\u0001')}]`
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null) return valueKeyOf(JSON.stringify(value))
  } catch {
    // A getter or `toJSON` of the application's that throws: then by identity.
  }
  let identity = identities.get(value)
  if (identity === undefined) identities.set(value, (identity = ++lastIdentity))
  return `\0${identity}`
}
