import { types } from 'node:util'

/** Limit for the UTF-16 units, bytes and elements of one hashed value, or of one hashed list of parameters. */
const MAX_UNITS = 64 * 1024
/** Units that each value costs in addition to its contents. */
const UNITS_EACH = 4
const MAX_DEPTH = 8
/** The budget of units suffices for no more. */
const MAX_FIELDS = MAX_UNITS / (2 * UNITS_EACH)
/** The same for the visible data of an object whose value only its own code knows. */
const MAX_UNKNOWN = 1024

/** A number for each object whose value only its own code knows. */
const identities = new WeakMap<object, number>()
let lastIdentity = 0

/** The time of a date. A subclass may replace `getTime`, which is code of the application. */
export function timeOf(date: Date): number {
  return Date.prototype.getTime.call(date)
}

/**
 * Hashes values within bounds. Equal lists of values have equal hashes.
 *
 * Only the driver may call getters and conversions such as `toJSON`: they are code of the application, and a second call
 * may have effects. So an instance of a class is hashed by its identity, and by the data in its own fields, because it may
 * have changed since the last execution.
 */
export class ValueHash {
  /** Whether it has hashed all values completely. */
  isWhole: boolean = true
  /**
   * Whether the same objects with equal data are equal values. A proxy, and an object that shows none of its data or too
   * much of it, may have changed unseen.
   */
  showsChanges: boolean = true
  #a = 0x2f0b4c47
  #b = 0x5bd1e995
  #units = 0
  /** A hash of the identities of objects; 0 if it has hashed none by its identity. */
  #identities = 0
  /** How many of the objects around the current value have code of their own. */
  #inUnknown = 0

  addNumber(value: number): void {
    this.#mix(value | 0)
    this.#mix(Math.floor(value / 0x1_0000_0000) | 0)
  }

  addValue(value: unknown, depth: number): void {
    // An object with code of its own may refer to anything, also to itself.
    if (this.#inUnknown > 0 && (depth > MAX_DEPTH || this.#units > MAX_UNKNOWN)) {
      this.showsChanges = false
      return this.#mix(4)
    }
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

  /** The hash of the data alone. */
  toNumber(): number {
    return numberOf(this.#a, this.#b)
  }

  /** The hash of the data and of the identities of objects. */
  toIdentity(): number {
    return numberOf(this.#a ^ this.#identities, this.#b ^ Math.imul(this.#identities, 0x5bd1e995))
  }

  #addObject(value: object, depth: number): void {
    // The traps of a proxy are code of the application.
    if (types.isProxy(value)) return this.#addHidden(value)
    if (types.isDate(value)) return this.#addText('d', String(timeOf(value)))
    if (ArrayBuffer.isView(value)) return this.#addBytes(bytesOf(value))
    if (Array.isArray(value)) return this.#addList(value, depth)
    const names = Reflect.ownKeys(value)
    // To read the descriptors of a large object takes longer than to send it.
    if (names.length > MAX_FIELDS) {
      this.isWhole = false
      return
    }
    const properties = names.map((name) => {
      return [name, Object.getOwnPropertyDescriptor(value, name)!] as const
    })
    if (isDataAlone(value, properties)) {
      for (const [name, { value: field, enumerable }] of properties) {
        if (!this.isWhole) return
        if (enumerable === true && typeof name === 'string') this.#addField(name, field, depth)
      }
      return this.#mix(3)
    }
    this.#addIdentity(value)
    this.#inUnknown++
    const fields = properties.filter(([, property]) => 'value' in property && isData(property.value))
    if (fields.length === 0) this.#addHidden(value)
    for (const [name, { value: field }] of fields) this.#addField(String(name), field, depth)
    this.#inUnknown--
    this.#mix(3)
  }

  #addField(name: string, value: unknown, depth: number): void {
    this.#addText('k', name)
    this.addValue(value, depth + 1)
  }

  #addList(list: readonly unknown[], depth: number): void {
    this.#addText('a', String(list.length))
    for (let index = 0; index < list.length && this.isWhole; index++) this.addValue(list[index], depth + 1)
  }

  #addHidden(value: object): void {
    this.showsChanges = false
    this.#mix(identityOf(value))
  }

  #addIdentity(value: object): void {
    this.#identities = Math.imul(this.#identities ^ identityOf(value), 0x01000193) | 1
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

function numberOf(a: number, b: number): number {
  return ((a ^ (a >>> 15)) >>> 0) * 0x20_0000 + ((b ^ (b >>> 13)) >>> 11)
}

function isData(value: unknown): boolean {
  return typeof value !== 'function' && typeof value !== 'symbol'
}

function identityOf(value: object): number {
  let identity = identities.get(value)
  if (identity === undefined) identities.set(value, (identity = ++lastIdentity))
  return identity
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Whether the fields of an object are its whole value: it has neither a class nor code of its own. */
function isDataAlone(
  value: object,
  properties: readonly (readonly [unknown, PropertyDescriptor])[],
): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    isPlain(prototype) &&
    properties.every(([, property]) => 'value' in property && typeof property.value !== 'function')
  )
}

/** Whether a prototype is that of a literal, also in another realm. */
function isPlain(prototype: unknown): boolean {
  if (prototype === null || prototype === Object.prototype) return true
  return !types.isProxy(prototype) && Object.getPrototypeOf(prototype) === null
}
