import {
  createNoopMeter,
  metrics,
  trace,
  type ProxyTracerProvider,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api'

import { PACKAGE_NAME, PACKAGE_VERSION, SCHEMA_URL } from './version.js'

/** Whether an SDK is registered. Without one, Querylens makes no telemetry, and queries are not even events. */
export function isSdkRegistered(): boolean {
  if (tracerProviderBehind(trace.getTracerProvider()) !== undefined) return true
  return metrics.getMeterProvider().getMeter(PACKAGE_NAME) !== createNoopMeter()
}

/** The SDK's tracer provider: the global one is a proxy. `undefined` where none is registered. */
export function tracerProviderBehind(
  provider: TracerProvider & Partial<ProxyTracerProvider>,
): TracerProvider | undefined {
  if (provider.getDelegate === undefined || provider.getDelegateTracer === undefined) return provider
  return provider.getDelegateTracer(PACKAGE_NAME) === undefined ? undefined : provider.getDelegate()
}

/** The tracer of Querylens. */
export function tracerOf(provider: TracerProvider): Tracer {
  return provider.getTracer(PACKAGE_NAME, PACKAGE_VERSION, { schemaUrl: SCHEMA_URL })
}
