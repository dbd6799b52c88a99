/** What OTLP attributes and log bodies can hold. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue }

/** Attributes as a plain object. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** `AnyValue` of OTLP in its JSON form: one of the fields is set. */
export interface JsonAnyValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  /** 64 bits, so a string by the specification; some senders write a number. */
  readonly intValue?: string | number
  readonly doubleValue?: number
  readonly bytesValue?: string
  readonly arrayValue?: { readonly values?: readonly JsonAnyValue[] }
  readonly kvlistValue?: { readonly values?: readonly JsonKeyValue[] }
}

/** `KeyValue` of OTLP in its JSON form. */
export interface JsonKeyValue {
  readonly key: string
  readonly value?: JsonAnyValue
}

/** Integers beyond 2^53 lose digits: attributes that must not do so are strings by convention. */
export function decodeValue(value: JsonAnyValue | undefined): AttributeValue {
  if (value === undefined) return null
  if (value.stringValue !== undefined) return value.stringValue
  if (value.boolValue !== undefined) return value.boolValue
  if (value.intValue !== undefined) return Number(value.intValue)
  if (value.doubleValue !== undefined) return value.doubleValue
  if (value.bytesValue !== undefined) return value.bytesValue
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(decodeValue)
  if (value.kvlistValue !== undefined) return decodeAttributes(value.kvlistValue.values)
  return null
}

/** A list of keys and values as a plain object. */
export function decodeAttributes(attributes: readonly JsonKeyValue[] | undefined): Attributes {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, decodeValue(value)]))
}

/** Nanoseconds since 1970; they exceed a double. */
export function decodeNanos(nanos: string | number | undefined): bigint {
  return BigInt(nanos ?? 0)
}
