import { context, diag, DiagLogLevel, metrics, trace, type DiagLogger } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from '@opentelemetry/sdk-metrics'
import { TracerProvider, type ReadableSpan, type Sampler } from '@opentelemetry/sdk-trace'

/** An SDK in memory. */
export interface TestTelemetry {
  readonly tracerProvider: TracerProvider
  readonly meterProvider: MeterProvider
  /** Ended spans, in the order of their ends. */
  readonly spans: ReadableSpan[]
  collect(): Promise<MetricData[]>
}

/** Makes an SDK without registering it. */
export function createTestTelemetry(sampler?: Sampler): TestTelemetry {
  const spans: ReadableSpan[] = []
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  return {
    spans,
    tracerProvider: new TracerProvider({
      ...(sampler && { sampler }),
      spanProcessors: [
        {
          onStart: () => {},
          onEnd: (span) => void spans.push(span),
          forceFlush: async () => {},
          shutdown: async () => {},
        },
      ],
    }),
    meterProvider: new MeterProvider({ readers: [reader] }),
    async collect() {
      exporter.reset()
      await reader.forceFlush()
      return exporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    },
  }
}

/** Registers it globally, with a context manager. */
export function registerTelemetry({ tracerProvider, meterProvider }: TestTelemetry): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(tracerProvider)
  metrics.setGlobalMeterProvider(meterProvider)
}

/** Unregisters everything. */
export function unregisterTelemetry(): void {
  context.disable()
  trace.disable()
  metrics.disable()
  diag.disable()
}

/** Collects what OpenTelemetry's own logger is told. */
export function captureDiag(): string[] {
  const messages: string[] = []
  const note = (...parts: unknown[]): void => void messages.push(parts.map(String).join(' '))
  const logger: DiagLogger = { error: note, warn: note, info: note, debug: note, verbose: note }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  return messages
}
