import { context, diag, DiagLogLevel, metrics, trace, type DiagLogger } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from '@opentelemetry/sdk-metrics'
import { TracerProvider, type ReadableSpan, type Sampler, type SpanProcessor } from '@opentelemetry/sdk-trace'

/** An SDK that exports to memory. */
export interface TestTelemetry {
  readonly tracerProvider: TracerProvider
  readonly meterProvider: MeterProvider
  /** Ended spans, in the order of their ends. */
  readonly spans: ReadableSpan[]
  collect(): Promise<MetricData[]>
}

/**
 * Makes an SDK without registering it.
 *
 * @param processors those before the one that collects spans
 */
export function createTestTelemetry(
  sampler?: Sampler,
  processors: readonly SpanProcessor[] = [],
): TestTelemetry {
  const spans: ReadableSpan[] = []
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  return {
    spans,
    tracerProvider: new TracerProvider({
      ...(sampler && { sampler }),
      spanProcessors: [
        ...processors,
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

/** Registers an SDK globally, with a context manager. */
export function registerTelemetry({ tracerProvider, meterProvider }: TestTelemetry): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  trace.setGlobalTracerProvider(tracerProvider)
  metrics.setGlobalMeterProvider(meterProvider)
}

/** Unregisters everything from the API. */
export function unregisterTelemetry(): void {
  context.disable()
  trace.disable()
  metrics.disable()
  diag.disable()
}

/** Collects the warnings and errors of OpenTelemetry's own logger. */
export function captureDiag(): string[] {
  const messages: string[] = []
  const note = (...parts: unknown[]): void => void messages.push(parts.map(String).join(' '))
  const logger: DiagLogger = { error: note, warn: note, info: note, debug: note, verbose: note }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  return messages
}
