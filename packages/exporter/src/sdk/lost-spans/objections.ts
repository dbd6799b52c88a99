import { onAnswer } from '../../sdk-internals.js'
import type { SpanExporter } from './span-exporter.js'

/** What a backend has against a batch that it answered with success. */
export interface Objection {
  /** Number of spans that it did not take. */
  readonly rejected: number
  readonly error: Error
}

/** Neither protobuf nor JSON begins so. */
const WEB_PAGE = /^\s*<[!?a-z]/i
const LENGTH_TO_TELL = 100

const NOT_OTLP: Objection = {
  rejected: Number.POSITIVE_INFINITY,
  error: new Error('the answer is a web page; OTLP has ports of its own, 4318 over HTTP and 4317 over gRPC'),
}

/**
 * Listens to two answers that an exporter takes for success: the backend took a part of a batch, or the answer is a web
 * page. Works with the SDK's OTLP exporters.
 *
 * @returns a function that gives the objection to the batch whose result the exporter is calling back with, and forgets
 *   it
 */
export function objectionsOf(exporter: SpanExporter): () => Objection | undefined {
  let objection: Objection | undefined
  onAnswer(exporter, (data, read) => {
    // First: the SDK cannot read a web page, and may throw.
    objection = isWebPage(data) ? NOT_OTLP : undefined
    const response = read()
    objection ??= objectionIn(response)
    return response
  })
  return () => {
    const given = objection
    objection = undefined
    return given
  }
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
  const reason = typeof message === 'string' && message !== '' ? message : 'it gives no reason'
  return { rejected, error: new Error(`the backend took only a part of a batch: ${reason}`) }
}
