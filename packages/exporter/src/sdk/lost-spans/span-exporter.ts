import type { NodeSDKConfiguration } from '@opentelemetry/sdk-node'

/**
 * A span exporter by the types of `NodeSDK`: each line of the SDK declares it in another package, which applications need
 * not install.
 */
export type SpanExporter = NodeSDKConfiguration['traceExporter']

/** The spans of a batch. */
export type ReadableSpans = Parameters<SpanExporter['export']>[0]

/** What an exporter calls back with. */
export type ExportResult = Parameters<Parameters<SpanExporter['export']>[1]>[0]

/** `ExportResultCode` of `@opentelemetry/core`. */
export const EXPORT_SUCCEEDED = 0
/** `ExportResultCode` of `@opentelemetry/core`. */
export const EXPORT_FAILED = 1
