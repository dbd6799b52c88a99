import type { ReceivedSpan } from '@querylens/tool-otlp-receiver'

/** One request: its span and all spans below it. */
export interface Trace {
  readonly id: string
  /** The span of the HTTP request. */
  readonly root: ReceivedSpan
  readonly spans: readonly ReceivedSpan[]
}

/** Groups spans by request, in the order of the starts. It omits spans without a request. */
export function groupTraces(spans: readonly ReceivedSpan[]): Trace[] {
  const byTrace = new Map<string, ReceivedSpan[]>()
  for (const span of spans) {
    const others = byTrace.get(span.traceId)
    if (others === undefined) byTrace.set(span.traceId, [span])
    else others.push(span)
  }
  const traces: Trace[] = []
  for (const [id, spansOfTrace] of byTrace) {
    const root = spansOfTrace.find((span) => span.parentSpanId === undefined && span.kind === 'SERVER')
    if (root !== undefined) traces.push({ id, root, spans: spansOfTrace.toSorted(byStart) })
  }
  return traces.toSorted((left, right) => byStart(left.root, right.root))
}

/** Whether a span is a statement that reached the database. */
export function isQuery(span: ReceivedSpan): boolean {
  return span.kind === 'CLIENT' && span.attributes['db.query.text'] !== undefined
}

/** The duration of a span in milliseconds. */
export function durationMillis(span: ReceivedSpan): number {
  return Number(span.endTime - span.startTime) / 1e6
}

/** The trace with the median duration of a route. */
export function typicalTrace(traces: readonly Trace[], route: string): Trace | undefined {
  const sorted = traces
    .filter((trace) => trace.root.name === route)
    .toSorted((left, right) => durationMillis(left.root) - durationMillis(right.root))
  return sorted[Math.floor(sorted.length / 2)]
}

function byStart(left: ReceivedSpan, right: ReceivedSpan): number {
  return left.startTime < right.startTime ? -1 : left.startTime > right.startTime ? 1 : 0
}
