import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node'

/**
 * What sends spans, as the SDK has it. Read from the SDK's configuration, because the package that declares it
 * is another one in each line of the SDK, and none that applications need to install.
 */
export type SpanExporter = NodeSDKConfiguration['traceExporter']

/** A batch. */
export type ReadableSpans = Parameters<SpanExporter['export']>[0]

/** What an exporter answers. */
export type ExportResult = Parameters<Parameters<SpanExporter['export']>[1]>[0]

/** `ExportResultCode` of `@opentelemetry/core`. */
export const EXPORT_SUCCEEDED = 0
/** `ExportResultCode` of `@opentelemetry/core`. */
export const EXPORT_FAILED = 1
