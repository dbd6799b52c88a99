import { originOf } from './loss-reason.js'
import type { SpanExporter } from './span-exporter.js'

/** What a backend has against a batch that it answered with success. */
export interface Objection {
  /** How many spans it did not take. */
  readonly rejected: number
  readonly error: Error
}

/**
 * The SDK's OTLP exporters, with the names that they keep to themselves. They have been the same from
 * `@opentelemetry/otlp-exporter-base` 0.200.0 to 0.301.0.
 */
interface ExporterInternals {
  readonly _delegate?: {
    _serializer?: Serializer
    readonly _transport?: Transport
  }
}

interface Serializer {
  serializeRequest(spans: unknown): Uint8Array | undefined
  deserializeResponse(data: Uint8Array): unknown
}

interface Transport {
  /** Of one that tries again, the one that it tries. */
  readonly _transport?: Transport
  /** Over HTTP the URL, over gRPC host and port. */
  readonly _parameters?: { readonly url?: unknown; readonly address?: unknown }
}

/** Neither protobuf nor JSON begins so. */
const WEB_PAGE = /^\s*<[!?a-z]/i
const LENGTH_TO_TELL = 100
const HOST_AND_PORT = /^(?:[\w.-]+|\[[\da-f:.]+\]):\d+$/i

/**
 * Listens to what the SDK's OTLP exporters only write to its own log, if anywhere: that the backend took a part of a
 * batch, or that what answered with success is a web page and no backend at all. Of other exporters nothing is known.
 *
 * @returns gives the objection to the batch whose result an exporter is calling back with, and forgets it
 */
export function objectionsOf(exporter: SpanExporter): () => Objection | undefined {
  let objection: Objection | undefined
  try {
    const { _delegate: delegate } = exporter as ExporterInternals
    const serializer = delegate?._serializer
    if (delegate !== undefined && typeof serializer?.deserializeResponse === 'function') {
      // All exporters share theirs. It reads the answer right before the exporter calls back.
      delegate._serializer = {
        serializeRequest: (spans) => serializer.serializeRequest(spans),
        deserializeResponse(data) {
          objection = isWebPage(data) ? NOT_OTLP : undefined
          const response = serializer.deserializeResponse(data)
          objection ??= objectionIn(response)
          return response
        },
      }
    }
  } catch {
    // Built otherwise: then there are none.
  }
  return () => {
    const given = objection
    objection = undefined
    return given
  }
}

/** Where an OTLP exporter sends to, without credentials and path; `undefined` where that cannot be told. */
export function addressOf(exporter: SpanExporter): string | undefined {
  try {
    let transport = (exporter as ExporterInternals)._delegate?._transport
    while (transport?._transport !== undefined) transport = transport._transport
    const { url, address } = transport?._parameters ?? {}
    const known = String(url ?? address)
    return HOST_AND_PORT.test(known) ? known : originOf(known)
  } catch {
    return undefined
  }
}

const NOT_OTLP: Objection = {
  rejected: Number.POSITIVE_INFINITY,
  error: new Error('the answer is a web page; OTLP has ports of its own, 4318 over HTTP and 4317 over gRPC'),
}

function isWebPage(data: Uint8Array): boolean {
  return WEB_PAGE.test(Buffer.from(data.subarray(0, LENGTH_TO_TELL)).toString('latin1'))
}

/** @see https://opentelemetry.io/docs/specs/otlp/#partial-success-1 */
function objectionIn(response: unknown): Objection | undefined {
  const { partialSuccess } = (response ?? {}) as {
    readonly partialSuccess?: { readonly rejectedSpans?: unknown; readonly errorMessage?: unknown }
  }
  const rejected = Number(partialSuccess?.rejectedSpans ?? 0)
  if (!(rejected > 0)) return undefined
  const message = partialSuccess?.errorMessage
  const reason = typeof message === 'string' && message !== '' ? message : 'it does not say why'
  return { rejected, error: new Error(`the backend took a part of a batch alone: ${reason}`) }
}
