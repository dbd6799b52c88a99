import {
  context,
  INVALID_TRACEID,
  SpanKind,
  TraceFlags,
  trace,
  type Context,
  type Link,
  type Span,
  type SpanOptions,
} from '@opentelemetry/api'
import type { QueryExecution, TransactionExecution } from '@querylens/core'
import { activateIn, setSpanContext } from '@querylens/core/recorder'

import {
  ATTR_DB_RESPONSE_RETURNED_ROWS,
  ATTR_QUERYLENS_CONNECTION_WAIT_TIME,
  ATTR_QUERYLENS_QUERY_FINGERPRINT,
  ATTR_QUERYLENS_QUERY_OUTCOME,
  ATTR_QUERYLENS_SCOPE_NAME,
} from '../attributes.js'
import type { ErrorDescription } from '../error-description.js'
import { operationAttributes } from '../operation-attributes.js'
import { toSeconds } from '../seconds.js'
import { recordError } from './record-error.js'
import type { Requests } from './requests.js'
import type { ScopeSpans } from './scope-spans.js'
import type { SpanWriting } from './span-writing.js'
import type { TransactionSpan } from './transaction-spans.js'

/** The span of a query that is under way. */
export interface QuerySpan {
  readonly span: Span
  /** What was active when the application sent the query. */
  readonly active: Context
  /** The context with the span's parent: the same one, or one with the transaction's span. */
  readonly parent: Context
}

/** Turns executions into CLIENT spans. */
export interface QuerySpans {
  /** Returns `undefined` where neither the span nor the span around it is recorded. */
  start(execution: QueryExecution): QuerySpan | undefined
  end(execution: QueryExecution, query: QuerySpan, error: ErrorDescription | undefined): void
}

/** What query spans take from other spans. */
export interface SpansAround {
  transactionOf(transaction: TransactionExecution): TransactionSpan | undefined
  readonly scopes: Pick<ScopeSpans, 'contextIn'>
  readonly requests: Pick<Requests, 'adoptRoute'>
}

/**
 * A query's parent is the span of its transaction. A span that the application opened inside the transaction stays the
 * parent, and the query links to the transaction instead.
 */
export function createQuerySpans(
  writing: SpanWriting,
  { transactionOf, scopes, requests }: SpansAround,
): QuerySpans {
  return {
    start(execution) {
      const { spanName, withText, withoutText } = operationAttributes(execution.database, execution.shape)
      const { scope } = execution
      const active = scopes.contextIn(scope, context.active())
      if (scope?.kind === 'http') requests.adoptRoute(scope, active)
      let parent = active
      let links: Link[] | undefined
      if (execution.transaction !== undefined) {
        const transaction = transactionOf(execution.transaction)
        if (transaction?.isParentIn(active)) parent = trace.setSpan(active, transaction.span)
        else if (transaction !== undefined) links = [{ context: transaction.span.spanContext() }]
      }
      const options: SpanOptions = { kind: SpanKind.CLIENT, startTime: execution.startTimeMillis }
      const attributes = writing.options.queryText ? withText : withoutText
      // In a trace that is sampled out, the SDK would copy and check all attributes for nothing.
      const isSampledOut = isUnsampled(trace.getSpan(parent))
      if (!isSampledOut) options.attributes = attributes
      if (links !== undefined) options.links = links
      const span = writing.tracer.startSpan(spanName, options, parent)
      const recording = span.isRecording()
      if (recording && isSampledOut) span.setAttributes(attributes)
      if (recording || (!isSampledOut && endsSampling(span))) {
        const inside = trace.setSpan(active, span)
        activateIn(execution, (operation) => context.with(inside, operation))
      }
      // A finding also marks the spans around its query, even where a sampler leaves the query itself out.
      if (!recording && trace.getSpan(active)?.isRecording() !== true) return undefined
      if (recording) setSpanContext(execution, span.spanContext())
      return { span, active, parent }
    },

    end(execution, { span }, error) {
      const { shape, connectionWaitMillis, returnedRows, scope, outcome, kind } = execution
      const endTimeMillis = execution.startTimeMillis + (execution.durationMillis ?? 0)
      span.setAttribute(ATTR_QUERYLENS_QUERY_FINGERPRINT, shape.fingerprint)
      if (returnedRows !== undefined && kind !== 'transaction_control') {
        span.setAttribute(ATTR_DB_RESPONSE_RETURNED_ROWS, returnedRows)
      }
      if (connectionWaitMillis !== undefined) {
        span.setAttribute(ATTR_QUERYLENS_CONNECTION_WAIT_TIME, toSeconds(connectionWaitMillis))
      }
      if (scope !== undefined) span.setAttribute(ATTR_QUERYLENS_SCOPE_NAME, scope.name)
      if (outcome !== 'completed' && outcome !== 'failed') {
        span.setAttribute(ATTR_QUERYLENS_QUERY_OUTCOME, outcome)
      }
      if (error !== undefined) recordError(writing, span, error, endTimeMillis)
      writing.endSpan(span, endTimeMillis)
    },
  }
}

/** Whether a span has a trace: a query that is sampled out of a sampled trace takes the driver's spans out, too. */
function endsSampling(span: Span): boolean {
  return span.spanContext().traceId !== INVALID_TRACEID
}

/** Whether a span belongs to a trace, and is not sampled in it. */
function isUnsampled(span: Span | undefined): boolean {
  const spanContext = span?.spanContext()
  return (
    spanContext !== undefined &&
    (spanContext.traceFlags & TraceFlags.SAMPLED) === 0 &&
    spanContext.traceId !== INVALID_TRACEID
  )
}
