import { trace, type TracerProvider } from '@opentelemetry/api'
import { setRPCMetadata } from '@opentelemetry/core'
import { NodeSDK, type NodeSDKConfiguration } from '@opentelemetry/sdk-node'
import {
  BatchSpanProcessor,
  TracerProvider as SdkTracerProvider,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace'
import { core as core2, NodeSDK as NodeSDK2 } from 'sdk-node-2'
import { BasicTracerProvider, BatchSpanProcessor as BatchSpanProcessor2 } from 'sdk-trace-base-2'

import type { SpanExporter } from '../../src/sdk/lost-spans/span-exporter.js'

/** Options of a batch span processor. */
export interface BatchOptions {
  readonly maxQueueSize?: number
  readonly maxExportBatchSize?: number
  readonly exportTimeoutMillis?: number
}

/** A tracer provider of the SDK. */
export interface LineProvider extends TracerProvider {
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/** One line of the SDK that Querylens supports, by its public names. */
export interface SdkLine {
  readonly line: string
  createProvider(processors: readonly SpanProcessor[]): LineProvider
  createBatchProcessor(exporter: SpanExporter, options?: BatchOptions): SpanProcessor
  createSdk(configuration: Partial<NodeSDKConfiguration>): { start(): void; shutdown(): Promise<void> }
  setRequestSpan: typeof setRPCMetadata
}

/** The types of the 2.x line differ in names only. */
function as<T>(value: unknown): T {
  return value as T
}

/** The lines that the peer range of this package allows, with the latest version of each. */
export const sdkLines: readonly SdkLine[] = [
  {
    line: '3.x',
    createProvider: (processors) => new SdkTracerProvider({ spanProcessors: [...processors] }),
    createBatchProcessor: (exporter, options) => new BatchSpanProcessor({ ...options, exporter }),
    createSdk: (configuration) => new NodeSDK(configuration),
    setRequestSpan: setRPCMetadata,
  },
  {
    line: '2.x',
    createProvider: (processors) => as(new BasicTracerProvider({ spanProcessors: as([...processors]) })),
    createBatchProcessor: (exporter, options) => as(new BatchSpanProcessor2(as(exporter), options)),
    createSdk: (configuration) => new NodeSDK2(as(configuration)),
    setRequestSpan: as(core2.setRPCMetadata),
  },
]

/** The tracer provider that an SDK has registered. */
export function registeredProvider(): LineProvider {
  const provider: TracerProvider & { getDelegate?(): TracerProvider } = trace.getTracerProvider()
  return as(provider.getDelegate?.() ?? provider)
}
