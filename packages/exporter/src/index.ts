/**
 * Turns the queries that Querylens sees into OpenTelemetry spans, metrics and log events.
 *
 * @packageDocumentation
 */
export type { LoggerProviderLike } from './logs/log-writer.js'
export { QuerylensInstrumentation } from './instrumentation/instrumentation.js'
export type { QuerylensInstrumentationOptions, ResolvedInstrumentationOptions } from './options.js'
