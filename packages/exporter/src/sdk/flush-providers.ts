import * as api from '@opentelemetry/api'

interface Flushable {
  forceFlush?(): Promise<void>
  /** The global tracer provider, and in api 1.10 the global logger provider, is a proxy of the registered one. */
  getDelegate?(): Flushable
}

/** Flushes the registered providers, which `NodeSDK` can only shut down. */
export async function flushProviders(): Promise<void> {
  const { logs } = api as { readonly logs?: { getLoggerProvider(): unknown } }
  const providers = [api.trace.getTracerProvider(), api.metrics.getMeterProvider(), logs?.getLoggerProvider()]
  await Promise.all(
    (providers as (Flushable | undefined)[]).map((provider) =>
      (provider?.getDelegate?.() ?? provider)?.forceFlush?.(),
    ),
  )
}
