import * as api from '@opentelemetry/api'

interface Flushable {
  forceFlush?(): Promise<void>
  /** The tracer provider, and in api 1.10 the logger provider, stand in for the one that was registered. */
  getDelegate?(): Flushable
}

/** Flushes the registered providers: `NodeSDK` can only stop them. */
export async function flushProviders(): Promise<void> {
  const { logs } = api as { readonly logs?: { getLoggerProvider(): unknown } }
  const providers = [api.trace.getTracerProvider(), api.metrics.getMeterProvider(), logs?.getLoggerProvider()]
  await Promise.all(
    (providers as (Flushable | undefined)[]).map((provider) =>
      (provider?.getDelegate?.() ?? provider)?.forceFlush?.(),
    ),
  )
}
