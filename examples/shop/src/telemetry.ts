/**
 * Loaded before everything else, by `node --import ./src/telemetry.ts`: what is loaded before it cannot be
 * instrumented. Where the telemetry goes is up to the `OTEL_*` variables; by default to localhost:4318.
 *
 * @packageDocumentation
 */
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { startTelemetry, type Telemetry } from '@querylens/exporter/sdk'

import { hideWhatWasTyped } from './hide-what-was-typed.ts'

/** For the end of the process. */
export const telemetry: Telemetry = startTelemetry({
  serviceName: 'shop',
  instrumentations: [new HttpInstrumentation({ startIncomingSpanHook: hideWhatWasTyped })],
})
