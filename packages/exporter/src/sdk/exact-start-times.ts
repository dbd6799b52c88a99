import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node'

import { startExactly } from './sdk-internals.js'

/** What the SDK tells of each span, read from its configuration for the same reason as the exporter's type. */
export type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number]

/**
 * A span processor that gives the spans of all instrumentations the fraction of a millisecond at which they began.
 *
 * OpenTelemetry's SDK for JavaScript begins a span at a whole millisecond, the last one, and ends it as much too early.
 * So a query, which Querylens times exactly, may seem to end after its request, or a driver's span to begin before the
 * query around it: Jaeger warns of each, and its critical path gets gaps. Times that an instrumentation gives itself
 * stay as they are.
 *
 * `startTelemetry` does this by itself. Where another `NodeSDK` is set up, put it in front of the other processors.
 *
 * @see https://github.com/open-telemetry/opentelemetry-js/issues/5019
 *
 * @example
 * new NodeSDK({
 *   spanProcessors: [exactStartTimes(), new BatchSpanProcessor(reportLostSpans(new OTLPTraceExporter()))],
 * }).start()
 */
export function exactStartTimes(): SpanProcessor {
  return {
    onStart: startExactly,
    onEnd() {},
    async forceFlush() {},
    async shutdown() {},
  }
}
