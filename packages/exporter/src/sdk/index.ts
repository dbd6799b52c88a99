/**
 * All of OpenTelemetry in one line. Needs `@opentelemetry/sdk-node`.
 *
 * @packageDocumentation
 */
export type { Telemetry } from './shutdown.js'
export { startTelemetry, type TelemetryOptions } from './start-telemetry.js'
