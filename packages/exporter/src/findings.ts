import { context, createContextKey, trace, type Context, type Span } from '@opentelemetry/api'
import type { Finding, FindingSeverity, QueryExecution, TransactionExecution } from '@querylens/core'

import { ATTR_QUERYLENS_LINK_TYPE, EVENT_QUERYLENS_FINDING } from './attributes.js'
import { codeAttributes, eventAttributes } from './finding-attributes.js'
import type { LogSeverity, LogWriter } from './log-writer.js'
import { attempt, MarkedSpan } from './marked-span.js'
import type { QuerySpan, SpanContext } from './query-spans.js'
import type { ScopeSpans } from './scope-spans.js'
import type { Subscription } from './subscription.js'
import type { TransactionSpan } from './transaction-spans.js'

/** Writes findings to the spans that they are in, and to the log where that is asked for. */
export interface FindingWriter {
  /** Takes a finding when it opens, and once more when it is closed. */
  take(finding: Finding): void
  /** Ends the spans that wait for the end of their scope, with the figures so far. */
  release(): void
}

/** The spans that are under way, among which those of a finding are looked up. */
export interface SpansUnderWay {
  readonly queries: Pick<Subscription<QueryExecution, QuerySpan | undefined>, 'stateOf' | 'states'>
  readonly transactions: Pick<Subscription<TransactionExecution, TransactionSpan | undefined>, 'stateOf'>
  readonly scopes: Pick<ScopeSpans, 'spanOf'>
}

/** What is kept of a finding between its opening and its end. */
interface OpenFinding {
  /** Milliseconds since the epoch. */
  readonly atMillis: number
  /** The query's own, and those around it. */
  readonly spans: readonly MarkedSpan[]
  /** With the span of the query, or with the one around it. */
  readonly context: Context
}

const RPC_METADATA = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA')

const LOG_SEVERITIES: Readonly<Record<FindingSeverity, LogSeverity>> = {
  low: 'INFO',
  medium: 'WARN',
  high: 'ERROR',
}

/**
 * The query that crosses the threshold tells of the finding, and so do the spans around it, with the final figures if they
 * end no earlier than these are known. No span covers the repeats: it would take their place on the critical path.
 */
export function createFindingWriter(
  shared: SpanContext,
  logs: LogWriter,
  { queries, transactions, scopes }: SpansUnderWay,
): FindingWriter {
  const open = new WeakMap<Finding, OpenFinding>()
  const marked = new WeakMap<Span, MarkedSpan>()
  const waiting = new Set<MarkedSpan>()
  return {
    take(finding) {
      if (finding.closed) close(finding)
      else open.set(finding, begin(finding))
    },
    release() {
      for (const span of waiting) attempt(() => span.release())
    },
  }

  function begin(finding: Finding): OpenFinding {
    const active = context.active()
    const atMillis = timeOf(finding)
    const query = finding.execution && queries.stateOf(finding.execution)
    const spans = spansAround(finding, active).map((span) => markedSpan(span))
    if (query !== undefined) {
      attempt(() => writePlace(query.span, finding))
      if (query.span.isRecording()) spans.unshift(markedSpan(query.span, waiting))
    }
    for (const span of spans) attempt(() => span.add(finding, atMillis))
    return { atMillis, spans, context: query === undefined ? active : trace.setSpan(active, query.span) }
  }

  function close(finding: Finding): void {
    const { atMillis = timeOf(finding), spans = [], context: at = context.active() } = open.get(finding) ?? {}
    open.delete(finding)
    for (const span of spans) attempt(() => span.write(finding))
    if (!shared.options.findingLogs) return
    const attributes = eventAttributes(finding)
    const { message: body, severity } = finding
    const event = { eventName: EVENT_QUERYLENS_FINDING, timestamp: atMillis, body, attributes, context: at }
    logs.emit(event, LOG_SEVERITIES[severity])
  }

  /**
   * Those of the request and of the unit of work, whatever stands between them and the query; those that the application
   * has open, and that of the transaction; each once, and only if it is recorded.
   */
  function spansAround({ execution, transaction, scope }: Finding, active: Context): readonly Span[] {
    const span = trace.getSpan(active)
    const query = execution === undefined ? queryOf(span) : queries.stateOf(execution)
    const found = [requestSpan(query?.active ?? active), scopes.spanOf(scope)]
    if (query !== undefined) {
      found.push(trace.getSpan(query.parent), trace.getSpan(query.active))
    } else if (execution === undefined) {
      found.push(transaction && transactions.stateOf(transaction)?.span, span)
    } else if (span?.spanContext().traceId === execution.spanContext?.traceId) {
      // Judged when the scope ends, long after the query: what is active then is around the scope, if it is not astray.
      found.push(span)
    }
    return [...new Set(found)].filter((each) => each?.isRecording()) as Span[]
  }

  /** A finding of no single query may open while one of them is being sent, whose span is active then. */
  function queryOf(span: Span | undefined): QuerySpan | undefined {
    if (span !== undefined) for (const query of queries.states()) if (query?.span === span) return query
    return undefined
  }

  function markedSpan(span: Span, waitingSpans?: Set<MarkedSpan>): MarkedSpan {
    let found = marked.get(span)
    if (found === undefined) marked.set(span, (found = new MarkedSpan(span, waitingSpans)))
    return found
  }
}

/**
 * The span that the instrumentation of an HTTP server has made, where it left what `@opentelemetry/core` calls RPC
 * metadata; keys of a context are the same for all copies of the API.
 */
function requestSpan(at: Context): Span | undefined {
  return (at.getValue(RPC_METADATA) as { readonly span?: Span } | undefined)?.span
}

/** Where in the code the query was sent, and which span brought the rows that it is one too many for. */
function writePlace(span: Span, { callSite, source }: Finding): void {
  if (callSite !== undefined) span.setAttributes(codeAttributes(callSite))
  const sourceSpan = source?.execution.spanContext
  if (sourceSpan === undefined) return
  // Since api 1.9; not every span is one of the SDK's.
  span.addLink?.({ context: sourceSpan, attributes: { [ATTR_QUERYLENS_LINK_TYPE]: 'n_plus_one.source' } })
}

/** When it opened, by the clock of what it is about. */
function timeOf({ execution, transaction }: Finding): number {
  const operation = execution ?? transaction
  return operation === undefined ? Date.now() : operation.startTimeMillis + (operation.durationMillis ?? 0)
}
