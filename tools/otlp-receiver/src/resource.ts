import { decodeAttributes, type Attributes, type JsonKeyValue } from './attributes.ts'

/** The sender of a signal. */
export interface Origin {
  /** Attributes of the resource, such as `service.name`. */
  readonly resource: Attributes
  readonly scope: {
    readonly name: string
    readonly version: string | undefined
    readonly schemaUrl: string | undefined
  }
}

/** `Resource` of OTLP in its JSON form. */
export interface JsonResource {
  readonly attributes?: readonly JsonKeyValue[]
}

/** The envelope of the signals of one instrumentation scope. */
export interface JsonScoped {
  readonly scope?: { readonly name?: string; readonly version?: string }
  readonly schemaUrl?: string
}

/** Flattens the resource and the scope that enclose signals in OTLP. */
export function decodeOrigin(resource: JsonResource | undefined, { scope, schemaUrl }: JsonScoped): Origin {
  return {
    resource: decodeAttributes(resource?.attributes),
    scope: {
      name: scope?.name ?? '',
      version: scope?.version || undefined,
      schemaUrl: schemaUrl || undefined,
    },
  }
}
