import type { OtlpReceiver } from '@querylens/tool-otlp-receiver'

import { groupTraces, isQuery, type Trace } from './traces.ts'

const DEADLINE_MILLIS = 15_000

/**
 * Waits until every request has arrived as a trace.
 *
 * @throws Error when no span, or no query, has arrived: then there is nothing to show
 */
export async function collectSpans(receiver: OtlpReceiver, requests: number): Promise<readonly Trace[]> {
  // Some may be missing on a slow machine: the rest is worth a look all the same.
  await receiver
    .waitFor(({ spans }) => groupTraces(spans).length >= requests, DEADLINE_MILLIS)
    .catch(() => {})
  const traces = groupTraces(receiver.spans)
  if (!traces.some(({ spans }) => spans.some(isQuery))) {
    throw new Error(
      `no query of the shop arrived as a span. There came ${receiver.spans.length} spans in ` +
        `${receiver.requests.length} OTLP requests, ${traces.length} of them HTTP requests. Is everything built ` +
        '(npx pnpm@12 build)? OTEL_LOG_LEVEL=debug shows what the SDK does.',
    )
  }
  return traces
}
