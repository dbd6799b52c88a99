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

/** The states of OpenTelemetry in an application. */
export type TelemetryState = 'recording' | 'sampled out' | 'no SDK'

/** The providers of one state; undefined without an SDK. */
export interface Providers {
  readonly tracerProvider: TracerProvider | undefined
  readonly meterProvider: MeterProvider | undefined
}

/** The benchmark excludes export. A real processor with a full queue would drop spans and make recording look cheap. */
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

/** An SDK that discards spans and keeps metrics in memory. */
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
