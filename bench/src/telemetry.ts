import { context, trace, type MeterProvider, type TracerProvider } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider as SdkMeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  TracerProvider as SdkTracerProvider,
  type Sampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace'

/** The three states in which an application meets OpenTelemetry. */
export type TelemetryState = 'recording' | 'sampled out' | 'no SDK'

/** The providers of one state; undefined where there is none. */
export interface Providers {
  readonly tracerProvider: TracerProvider | undefined
  readonly meterProvider: MeterProvider | undefined
}

/** Exporting is not ours to measure, and a full queue, which drops spans, would make recording look cheap. */
const discardingProcessor: SpanProcessor = {
  onStart: () => {},
  onEnd: () => {},
  forceFlush: async () => {},
  shutdown: async () => {},
}

const meterProvider = new SdkMeterProvider({
  readers: [
    new PeriodicExportingMetricReader({
      exporter: new InMemoryMetricExporter(AggregationTemporality.DELTA),
      exportIntervalMillis: 3_600_000,
    }),
  ],
})

const providers: Readonly<Record<TelemetryState, Providers>> = {
  recording: { tracerProvider: tracerProvider(new AlwaysOnSampler()), meterProvider },
  'sampled out': { tracerProvider: tracerProvider(new AlwaysOffSampler()), meterProvider },
  'no SDK': { tracerProvider: undefined, meterProvider: undefined },
}

/** The SDK up to the end of a span: spans that are thrown away, metrics that nobody reads. */
export function providersOf(state: TelemetryState): Providers {
  return providers[state]
}

/**
 * Runs `work` as a request of an application in this state: inside the request's span, with a context
 * manager, unless there is no SDK.
 */
export async function inRequest<Result>(state: TelemetryState, work: () => Promise<Result>): Promise<Result> {
  const { tracerProvider } = providers[state]
  if (tracerProvider === undefined) return await work()
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const span = tracerProvider.getTracer('request').startSpan('GET /orders')
  try {
    return await context.with(trace.setSpan(context.active(), span), work)
  } finally {
    span.end()
    context.disable()
  }
}

function tracerProvider(sampler: Sampler): TracerProvider {
  return new SdkTracerProvider({ sampler, spanProcessors: [discardingProcessor] })
}
