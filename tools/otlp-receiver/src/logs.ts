import {
  decodeAttributes,
  decodeNanos,
  decodeValue,
  type AttributeValue,
  type Attributes,
  type JsonAnyValue,
  type JsonKeyValue,
} from './attributes.ts'
import { decodeOrigin, type JsonResource, type JsonScoped, type Origin } from './resource.ts'

/** A log record with its resource and scope. */
export interface ReceivedLog extends Origin {
  /** The name of an event; undefined for other records. */
  readonly eventName: string | undefined
  readonly time: bigint
  readonly severityNumber: number
  readonly severityText: string | undefined
  readonly body: AttributeValue
  readonly attributes: Attributes
  readonly traceId: string | undefined
  readonly spanId: string | undefined
}

/** `ExportLogsServiceRequest` in its JSON form. */
export interface JsonLogs {
  readonly resourceLogs?: readonly {
    readonly resource?: JsonResource
    readonly scopeLogs?: readonly (JsonScoped & { readonly logRecords?: readonly JsonLog[] })[]
  }[]
}

interface JsonLog {
  readonly eventName?: string
  readonly timeUnixNano?: string | number
  readonly observedTimeUnixNano?: string | number
  readonly severityNumber?: number
  readonly severityText?: string
  readonly body?: JsonAnyValue
  readonly attributes?: readonly JsonKeyValue[]
  readonly traceId?: string
  readonly spanId?: string
}

/** All log records of one request, in order. */
export function decodeLogs(body: JsonLogs): ReceivedLog[] {
  return (body.resourceLogs ?? []).flatMap(({ resource, scopeLogs }) =>
    (scopeLogs ?? []).flatMap((scoped) => {
      const origin = decodeOrigin(resource, scoped)
      return (scoped.logRecords ?? []).map((log) => ({
        ...origin,
        eventName: log.eventName || undefined,
        time: decodeNanos(log.timeUnixNano ?? log.observedTimeUnixNano),
        severityNumber: log.severityNumber ?? 0,
        severityText: log.severityText || undefined,
        body: decodeValue(log.body),
        attributes: decodeAttributes(log.attributes),
        traceId: log.traceId?.toLowerCase() || undefined,
        spanId: log.spanId?.toLowerCase() || undefined,
      }))
    }),
  )
}
