import { QuerylensError } from '@querylens/core'
import { checkOptions, describeValue } from '@querylens/core/internal'

import type { SpanExporter } from './span-exporter.js'
import { WatchedExporter, type SpanCounts } from './watched-exporter.js'

/** Options of {@link reportLostSpans}, all optional. */
export interface ReportLostSpansOptions {
  /**
   * How long a batch may take with all attempts and parts, in milliseconds, before it counts as lost. Pass the
   * `exportTimeoutMillis` of the batch processor, or `OTEL_BSP_EXPORT_TIMEOUT`, where that is not the default.
   *
   * @default 30000, the default of the batch processor
   */
  readonly exportTimeoutMillis?: number | undefined
}

/** A span exporter that counts its spans. */
export interface ReportingSpanExporter extends SpanExporter {
  /** The counts until now; each reading is a new object. */
  readonly spans: SpanCounts
}

const DEFAULT_TIMEOUT_MILLIS = 30_000
/** The longest time of a timer in Node. */
const MAX_TIMEOUT_MILLIS = 2 ** 31 - 1

/**
 * Makes an exporter report lost spans: it warns once at the beginning of an outage and once at its end, through
 * `process.emitWarning` with the code `QUERYLENS_SPANS_LOST`. The SDK itself only writes to its `diag` logger. A batch that
 * the backend refuses for its size is sent in parts, so that only the span that is too large is lost.
 *
 * `startTelemetry` does this by itself. It also counts the spans that a full queue drops, which no exporter can see.
 *
 * @throws QuerylensError for an argument that is no exporter, an unknown option or a value that the option does not take
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
