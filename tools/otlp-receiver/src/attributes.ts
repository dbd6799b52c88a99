/** The values of OTLP attributes and log bodies. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue }

/** Attributes as a plain object. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** `AnyValue` of OTLP in its JSON form. One of the fields is set. */
export interface JsonAnyValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  /** 64 bits, so the specification requires a string. Some senders write a number. */
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

/** Reads a value. Integers beyond 2^53 lose digits; the conventions use strings where that matters. */
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

/** Turns a list of keys and values into a plain object. */
export function decodeAttributes(attributes: readonly JsonKeyValue[] | undefined): Attributes {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, decodeValue(value)]))
}

/** Nanoseconds since 1970, as a bigint because they exceed a double. */
export function decodeNanos(nanos: string | number | undefined): bigint {
  return BigInt(nanos ?? 0)
}
