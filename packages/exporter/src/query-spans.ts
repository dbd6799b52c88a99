import {
  context,
  INVALID_TRACEID,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api'
import type { Activate, QueryExecution, TransactionExecution } from '@querylens/core'
import { callSiteOfError } from '@querylens/core/recorder'

import {
  ATTR_CODE_FILE_PATH,
  ATTR_DB_RESPONSE_RETURNED_ROWS,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_ERROR_TYPE,
  ATTR_QUERYLENS_CONNECTION_WAIT_TIME,
  ATTR_QUERYLENS_QUERY_FINGERPRINT,
  ATTR_QUERYLENS_QUERY_OUTCOME,
  ATTR_QUERYLENS_SCOPE_NAME,
} from './attributes.js'
import type { ErrorDescription } from './error-description.js'
import type { ExceptionWriter } from './exceptions.js'
import { codeAttributes } from './finding-attributes.js'
import { operationAttributes } from './operation-attributes.js'
import type { ResolvedInstrumentationOptions } from './options.js'
import { toSeconds } from './seconds.js'
import type { TransactionSpan } from './transaction-spans.js'

/** What the writers of spans share; `tracer` and `options` change when the instrumentation's do. */
export interface SpanContext {
  tracer: Tracer
  options: ResolvedInstrumentationOptions
  readonly exceptions: ExceptionWriter
}

/** The recorded span of a query that is under way. */
export interface QuerySpan {
  readonly span: Span
  /** What was active when the application sent the query. */
  readonly active: Context
  /** With the span's parent: the same, or the transaction's. */
  readonly parent: Context
}

/** Turns executions into CLIENT spans. */
export interface QuerySpans {
  /** Returns `undefined` for a span that is not recorded, and has none around it that is. */
  start(execution: QueryExecution): QuerySpan | undefined
  end(execution: QueryExecution, query: QuerySpan, error: ErrorDescription | undefined): void
}

/**
 * A query's parent is the transaction it runs in; a span that the application opened inside the transaction
 * stays the parent, and the query links to the transaction instead.
 */
export function createQuerySpans(
  shared: SpanContext,
  spanOf: (transaction: TransactionExecution) => TransactionSpan | undefined,
): QuerySpans {
  return {
    start(execution) {
      const { spanName, withText, withoutText } = operationAttributes(execution.database, execution.shape)
      const active = context.active()
      let parent = active
      let links: Link[] | undefined
      if (execution.transaction !== undefined) {
        const transaction = spanOf(execution.transaction)
        if (transaction?.isParentIn(active)) parent = trace.setSpan(active, transaction.span)
        else if (transaction !== undefined) links = [{ context: transaction.span.spanContext() }]
      }
      const options: SpanOptions = { kind: SpanKind.CLIENT, startTime: execution.startTimeMillis }
      const attributes = shared.options.queryText ? withText : withoutText
      // In a trace that is sampled out the SDK would copy and check them all for nothing.
      const isSampledOut = isUnsampled(trace.getSpan(parent))
      if (!isSampledOut) options.attributes = attributes
      if (links !== undefined) options.links = links
      const span = shared.tracer.startSpan(spanName, options, parent)
      const recording = span.isRecording()
      if (recording && isSampledOut) span.setAttributes(attributes)
      if (recording || (!isSampledOut && endsSampling(span))) {
        execution.activate = activateIn(trace.setSpan(active, span), execution.activate)
      }
      // What is found at a query is told around it, too: also where a sampler leaves the query itself out.
      if (!recording && trace.getSpan(active)?.isRecording() !== true) return undefined
      if (recording) execution.spanContext = span.spanContext()
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
      if (error !== undefined) recordError(shared, span, error, endTimeMillis)
      span.end(endTimeMillis)
    },
  }
}

/** Marks a span as failed, by the conventions for database spans and for exceptions. */
export function recordError(
  { exceptions, options }: SpanContext,
  span: Span,
  error: ErrorDescription,
  timeMillis: number,
): void {
  span.setAttribute(ATTR_ERROR_TYPE, error.type)
  writeErrorSite(span, error)
  if (error.statusCode !== undefined) span.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, error.statusCode)
  span.setStatus(
    options.errorMessages
      ? { code: SpanStatusCode.ERROR, message: error.message }
      : { code: SpanStatusCode.ERROR },
  )
  exceptions.write(span, error, timeMillis)
}

/** Where the error came out of the application, unless a finding has said where the query was sent. */
function writeErrorSite(span: Span & { readonly attributes?: Attributes }, error: ErrorDescription): void {
  if (error.stackFrames === undefined || span.attributes?.[ATTR_CODE_FILE_PATH] !== undefined) return
  const callSite = callSiteOfError(error.stackFrames)
  if (callSite !== undefined) span.setAttributes(codeAttributes(callSite))
}

/** A query that is sampled out of a sampled trace takes the driver's spans below it out as well. */
function endsSampling(span: Span): boolean {
  return span.spanContext().traceId !== INVALID_TRACEID
}

/** Whether a span belongs to a trace, and is not sampled in it. */
function isUnsampled(span: Span | undefined): boolean {
  const context = span?.spanContext()
  return (
    context !== undefined &&
    (context.traceFlags & TraceFlags.SAMPLED) === 0 &&
    context.traceId !== INVALID_TRACEID
  )
}

/** Runs an operation in a context, inside what others run it in. */
export function activateIn(target: Context, outer: Activate | undefined): Activate {
  if (outer === undefined) return (operation) => context.with(target, operation)
  return (operation) => outer(() => context.with(target, operation))
}
