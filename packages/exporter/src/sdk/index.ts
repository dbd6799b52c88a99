/**
 * All of OpenTelemetry in one line. Needs `@opentelemetry/sdk-node`.
 *
 * @packageDocumentation
 */
export { exactStartTimes, type SpanProcessor } from './exact-start-times.js'
export {
  reportLostSpans,
  type ReportingSpanExporter,
  type ReportLostSpansOptions,
} from './report-lost-spans.js'
export type { Telemetry } from './shutdown.js'
export { startTelemetry, type TelemetryOptions } from './start-telemetry.js'
export type { SpanCounts } from './watched-exporter.js'
