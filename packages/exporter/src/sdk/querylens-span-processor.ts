import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node'
import { reportFault } from '@querylens/core/internal'

import {
  endOpenSpans,
  noteEnding,
  noteStart,
  releaseOpenSpans,
  type SpanProcessorState,
} from '../spans/span-endings.js'
import { startExactly } from '../sdk-internals.js'

/** A span processor by the types of `NodeSDK`: each line of the SDK declares it in another package. */
export type SpanProcessor = NonNullable<NodeSDKConfiguration['spanProcessors']>[number]

/**
 * The span processor of Querylens. `startTelemetry` adds it by itself. In a `NodeSDK` of your own, list it first, so that
 * it runs before the processor that exports.
 *
 * - It gives the spans of all instrumentations the fraction of a millisecond at which they began. The SDK begins a span at
 *   the last whole millisecond, and ends it as much too early. Querylens times queries exactly, so a query may seem to end
 *   after its request, and Jaeger warns of it. Start times that an instrumentation sets stay as they are.
 * - Right before a span ends in which something was found, it writes the figures so far. This needs an SDK that calls
 *   `onEnding`, which is 2.3 or later. With an older one, or without this processor, a span of the application gets the
 *   event of a finding when the finding opens, and its attributes the final figures only if it ends after the scope.
 * - At a flush it ends the query spans that wait for final figures, and at a shutdown also the spans of open scopes: the
 *   SDK exports only spans that have ended.
 *
 * @see https://github.com/open-telemetry/opentelemetry-js/issues/5019 for the start times
 *
 * @example
 * new NodeSDK({
 *   spanProcessors: [
 *     querylensSpanProcessor(),
 *     new BatchSpanProcessor({ exporter: reportLostSpans(new OTLPTraceExporter()) }),
 *   ],
 *   instrumentations: [new QuerylensInstrumentation()],
 * }).start()
 */
export function querylensSpanProcessor(): SpanProcessor {
  const state: SpanProcessorState = { hearsEndings: undefined }
  return {
    onStart(span) {
      try {
        startExactly(span)
        noteStart(span, state)
      } catch (fault) {
        reportFault('the start of a span', fault)
      }
    },
    onEnding(span) {
      noteEnding(span, state)
    },
    onEnd() {},
    async forceFlush() {
      releaseOpenSpans()
    },
    async shutdown() {
      endOpenSpans()
    },
  }
}
