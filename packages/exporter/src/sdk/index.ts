/**
 * OpenTelemetry in one call, and the parts of it for a `NodeSDK` of your own. Needs `@opentelemetry/sdk-node`.
 *
 * @packageDocumentation
 */
export {
  reportLostSpans,
  type ReportingSpanExporter,
  type ReportLostSpansOptions,
} from './lost-spans/report-lost-spans.js'
export type { SpanCounts } from './lost-spans/watched-exporter.js'
export { querylensSpanProcessor, type SpanProcessor } from './querylens-span-processor.js'
export type { Telemetry } from './shutdown.js'
export { startTelemetry } from './start-telemetry.js'
export type { TelemetryOptions } from './telemetry-options.js'
