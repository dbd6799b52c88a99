/**
 * Starts the telemetry. `node --import ./src/telemetry.ts` loads it first, because modules that load before it cannot be
 * instrumented. `OTEL_*` variables configure the backend. @default localhost:4318
 *
 * @packageDocumentation
 */
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { startTelemetry, type Telemetry } from '@querylens/exporter/sdk'

import { hideWhatWasTyped } from './hide-what-was-typed.ts'

/** `main.ts` shuts it down at the end of the process. */
export const telemetry: Telemetry = startTelemetry({
  serviceName: 'shop',
  instrumentations: [new HttpInstrumentation({ startIncomingSpanHook: hideWhatWasTyped })],
})
