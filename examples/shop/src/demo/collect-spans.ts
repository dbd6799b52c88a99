import type { OtlpReceiver } from '@querylens/tool-otlp-receiver'

import { groupTraces, isQuery, type Trace } from './traces.ts'

const DEADLINE_MILLIS = 15_000

/**
 * Waits until every request has arrived as a trace.
 *
 * @throws Error if no query has arrived as a span
 */
export async function collectSpans(receiver: OtlpReceiver, requests: number): Promise<readonly Trace[]> {
  // On a slow machine some traces may be missing. The demo shows the others.
  await receiver
    .waitFor(({ spans }) => groupTraces(spans).length >= requests, DEADLINE_MILLIS)
    .catch(() => {})
  const traces = groupTraces(receiver.spans)
  if (!traces.some(({ spans }) => spans.some(isQuery))) {
    throw new Error(
      `no query of the shop arrived as a span. The receiver got ${receiver.spans.length} spans in ` +
        `${receiver.requests.length} OTLP requests, with ${traces.length} HTTP requests of the shop. Build the packages ` +
        '(npx pnpm@12 build), or set OTEL_LOG_LEVEL=debug to see what the SDK does.',
    )
  }
  return traces
}
