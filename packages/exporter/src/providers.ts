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
  const tracerProvider: Partial<ProxyTracerProvider> & TracerProvider = trace.getTracerProvider()
  if (tracerProvider.getDelegateTracer === undefined) return true
  if (tracerProvider.getDelegateTracer(PACKAGE_NAME) !== undefined) return true
  return metrics.getMeterProvider().getMeter(PACKAGE_NAME) !== createNoopMeter()
}

/** The tracer of Querylens. */
export function tracerOf(provider: TracerProvider): Tracer {
  return provider.getTracer(PACKAGE_NAME, PACKAGE_VERSION, { schemaUrl: SCHEMA_URL })
}
