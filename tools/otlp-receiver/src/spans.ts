import { decodeAttributes, decodeNanos, type Attributes, type JsonKeyValue } from './attributes.ts'
import { decodeOrigin, type JsonResource, type JsonScoped, type Origin } from './resource.ts'

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const
const STATUSES = ['UNSET', 'OK', 'ERROR'] as const

/** The kinds of spans, in the order of OTLP's numbers. */
export type SpanKindName = (typeof KINDS)[number]
/** The statuses of spans, in the order of OTLP's numbers. */
export type SpanStatusName = (typeof STATUSES)[number]

/** A span with its resource and scope. Ids are hexadecimal; times are nanoseconds since 1970. */
export interface ReceivedSpan extends Origin {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  readonly kind: SpanKindName
  readonly startTime: bigint
  readonly endTime: bigint
  readonly attributes: Attributes
  readonly events: readonly ReceivedEvent[]
  readonly links: readonly ReceivedLink[]
  readonly status: { readonly code: SpanStatusName; readonly message: string | undefined }
}

/** An event of a span. */
export interface ReceivedEvent {
  readonly name: string
  readonly time: bigint
  readonly attributes: Attributes
}

/** A link from a span to another one. */
export interface ReceivedLink {
  readonly traceId: string
  readonly spanId: string
  readonly attributes: Attributes
}

/** `ExportTraceServiceRequest` in its JSON form. */
export interface JsonTraces {
  readonly resourceSpans?: readonly {
    readonly resource?: JsonResource
    readonly scopeSpans?: readonly (JsonScoped & { readonly spans?: readonly JsonSpan[] })[]
  }[]
}

interface JsonSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name?: string
  readonly kind?: number
  readonly startTimeUnixNano?: string | number
  readonly endTimeUnixNano?: string | number
  readonly attributes?: readonly JsonKeyValue[]
  readonly events?: readonly {
    readonly name?: string
    readonly timeUnixNano?: string | number
    readonly attributes?: readonly JsonKeyValue[]
  }[]
  readonly links?: readonly {
    readonly traceId: string
    readonly spanId: string
    readonly attributes?: readonly JsonKeyValue[]
  }[]
  readonly status?: { readonly code?: number; readonly message?: string }
}

/** All spans of one request, in order. */
export function decodeSpans(body: JsonTraces): ReceivedSpan[] {
  return (body.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    (scopeSpans ?? []).flatMap((scoped) => {
      const origin = decodeOrigin(resource, scoped)
      return (scoped.spans ?? []).map((span) => decodeSpan(span, origin))
    }),
  )
}

function decodeSpan(span: JsonSpan, origin: Origin): ReceivedSpan {
  return {
    ...origin,
    traceId: span.traceId.toLowerCase(),
    spanId: span.spanId.toLowerCase(),
    parentSpanId: span.parentSpanId?.toLowerCase() || undefined,
    name: span.name ?? '',
    kind: KINDS[span.kind ?? 0] ?? 'UNSPECIFIED',
    startTime: decodeNanos(span.startTimeUnixNano),
    endTime: decodeNanos(span.endTimeUnixNano),
    attributes: decodeAttributes(span.attributes),
    events: (span.events ?? []).map((event) => ({
      name: event.name ?? '',
      time: decodeNanos(event.timeUnixNano),
      attributes: decodeAttributes(event.attributes),
    })),
    links: (span.links ?? []).map((link) => ({
      traceId: link.traceId.toLowerCase(),
      spanId: link.spanId.toLowerCase(),
      attributes: decodeAttributes(link.attributes),
    })),
    status: { code: STATUSES[span.status?.code ?? 0] ?? 'UNSET', message: span.status?.message || undefined },
  }
}
