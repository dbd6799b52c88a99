import type { Span, Tracer } from '@opentelemetry/api'

import type { ResolvedInstrumentationOptions } from '../options.js'
import type { ExceptionWriter } from './exception-writer.js'

/** What all writers of spans share. `tracer` and `options` change when those of the instrumentation do. */
export interface SpanWriting {
  tracer: Tracer
  options: ResolvedInstrumentationOptions
  readonly exceptions: ExceptionWriter
  /** Ends a span of Querylens; a query span with an open finding ends later, with the same end time. */
  endSpan(span: Span, endTimeMillis: number): void
}
