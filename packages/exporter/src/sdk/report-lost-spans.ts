import { QuerylensError } from '@querylens/core'
import { checkOptions, describeValue } from '@querylens/core/recorder'

import type { SpanExporter } from './span-exporter.js'
import { WatchedExporter, type SpanCounts } from './watched-exporter.js'

/** All optional. */
export interface ReportLostSpansOptions {
  /**
   * How long a batch may take, all attempts and parts of it, before it counts as lost. Pass what the batch
   * processor has as `exportTimeoutMillis`, or `OTEL_BSP_EXPORT_TIMEOUT`, where that is not the default.
   *
   * @default 30 000, as the batch processor's
   */
  readonly exportTimeoutMillis?: number | undefined
}

/** An exporter that knows what became of its spans. */
export interface ReportingSpanExporter extends SpanExporter {
  /** Until now: each reading is a new object. */
  readonly spans: SpanCounts
}

const DEFAULT_TIMEOUT_MILLIS = 30_000
/** What a timer of Node can wait. */
const MAX_TIMEOUT_MILLIS = 2 ** 31 - 1

/**
 * Makes an exporter tell when spans are lost, once at the beginning of an outage and once at its end, through
 * `process.emitWarning` with the code `QUERYLENS_SPANS_LOST`; the SDK itself says nothing unless it has a
 * `diag` logger. A batch that is refused for its size is sent in parts, so that only what is too large is lost.
 *
 * `startTelemetry` does this by itself, and also counts what a full queue drops, which no exporter can see.
 *
 * @throws QuerylensError for what is no exporter, an unknown option or a value that it does not take
 *
 * @example
 * new NodeSDK({ traceExporter: reportLostSpans(new OTLPTraceExporter()) }).start()
 */
export function reportLostSpans(
  exporter: SpanExporter,
  options?: ReportLostSpansOptions,
): ReportingSpanExporter {
  if (typeof (exporter as SpanExporter | undefined)?.export !== 'function') {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `reportLostSpans(exporter) takes a span exporter, but got ${describeValue(exporter)}.`,
    )
  }
  checkOptions<ReportLostSpansOptions>('reportLostSpans()', options, {
    exportTimeoutMillis: {
      takes: `a number from 1 to ${MAX_TIMEOUT_MILLIS}`,
      accepts: (value) => typeof value === 'number' && value >= 1 && value <= MAX_TIMEOUT_MILLIS,
    },
  })
  return new WatchedExporter(exporter, options?.exportTimeoutMillis ?? DEFAULT_TIMEOUT_MILLIS)
}
