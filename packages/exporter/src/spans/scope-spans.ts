import {
  context,
  isSpanContextValid,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
} from '@opentelemetry/api'
import type { Scope, ScopeOpening, ScopeSummary } from '@querylens/core'
import { clock, toEpochMillis } from '@querylens/core/internal'
import { activateIn } from '@querylens/core/recorder'

import { ATTR_ERROR_TYPE, ATTR_QUERYLENS_SCOPE_NAME } from '../attributes.js'
import { describeError } from '../error-description.js'
import { describeRequest, startRequestSpan } from './request-spans.js'
import type { Requests } from './requests.js'
import type { SpanWriting } from './span-writing.js'

/**
 * Turns scopes without a span around them into spans: the work of `runInScope` into an INTERNAL one when it begins, an HTTP
 * request into a SERVER one when its first query does. Without them, each query would be a trace of its own.
 */
export interface ScopeSpans {
  /**
   * The context of an operation in a scope: with the span of its request, if no span is around it. By then it is certain
   * that no instrumentation has made a span for the request. Work after the end of a scope runs in the context of a span that
   * has ended; the span of its later scope takes the place of that one.
   */
  contextIn(scope: Scope | undefined, active: Context): Context
  start(opening: ScopeOpening): void
  end(summary: ScopeSummary): void
  /** The span of the innermost scope that has one: its own, or the one in which it began. */
  spanOf(scope: Scope | undefined): Span | undefined
  /** Whether this is the span of an open scope that Querylens made, and ends. */
  isOwn(span: Span): boolean
  /** Ends all spans of open scopes. */
  endAll(): void
}

/** The span of a scope. */
interface ScopeSpan {
  readonly span: Span
  /** Set where Querylens made the span, and has to end it. */
  readonly own?: WeakRef<Span>
}

/** Makes a {@link ScopeSpans}; it keeps no scope that never ends. */
export function createScopeSpans(writing: SpanWriting, requests: Requests): ScopeSpans {
  const spans = new WeakMap<Scope, ScopeSpan>()
  // Weak references, so that work that never settles does not stay in memory.
  const open = new Set<WeakRef<Span>>()
  /** Spans of Querylens that have ended: the API does not show that of a span that is not sampled. */
  const ended = new WeakSet<Span>()
  const lost = new FinalizationRegistry<WeakRef<Span>>((own) => open.delete(own))
  /** Without an SDK for traces the span is a no-op. */
  const keep = (scope: Scope, span: Span): boolean => {
    if (!isSpanContextValid(span.spanContext())) return false
    const own = new WeakRef(span)
    open.add(own)
    lost.register(span, own, own)
    spans.set(scope, { span, own })
    return true
  }

  const spanOf = (scope: Scope | undefined): Span | undefined => {
    for (let at = scope; at !== undefined; at = at.parent) {
      const found = spans.get(at)
      if (found !== undefined) return found.span
      // A request has a parent in a test alone. It is no part of that trace.
      if (at.kind === 'http') return undefined
    }
    return undefined
  }

  const contextIn = (scope: Scope | undefined, active: Context): Context => {
    const around = trace.getSpan(active)
    if (scope === undefined || around?.isRecording() === true) return active
    if (scope.kind === 'later') {
      const { span: later, own } = spans.get(scope) ?? {}
      const span = own !== undefined ? later : around === undefined ? spanOf(scope.parent) : undefined
      return span === undefined ? active : trace.setSpan(active, span)
    }
    // A server keeps the context in which it was started: its requests are no part of that trace.
    if (around !== undefined && !ended.has(around) && !hasEndedBefore(around, scope)) return active
    const request = requestScope(scope)
    const parts = request && requests.of(request)
    if (request === undefined || parts === undefined) return active
    let span = spans.get(request)?.span
    if (span === undefined) {
      span = startRequestSpan(writing.tracer, request, parts, active)
      if (!keep(request, span)) return active
    }
    return trace.setSpan(active, span)
  }

  return {
    contextIn,

    start(opening) {
      const { scope } = opening
      const current = context.active()
      const active = contextIn(scope.parent, current)
      const around = trace.getSpan(active)
      if (around?.isRecording() === true) {
        spans.set(scope, { span: around })
        if (active !== current) activateIn(opening, (operation) => context.with(active, operation))
        return
      }
      // A timer keeps the context in which it was set. Without this check, a recurring job would belong to the trace of
      // a request or a start-up that ended long ago.
      const before = around ?? (scope.kind === 'later' ? spanOf(scope.parent) : undefined)
      const isOver = before !== undefined && (ended.has(before) || hasEnded(before))
      const span = writing.tracer.startSpan(
        scope.name,
        {
          kind: SpanKind.INTERNAL,
          startTime: scope.startTimeMillis,
          attributes: { [ATTR_QUERYLENS_SCOPE_NAME]: scope.name },
          ...(isOver && { root: true, links: [{ context: before.spanContext() }] }),
        },
        active,
      )
      if (!keep(scope, span)) return
      const inside = trace.setSpan(active, span)
      activateIn(opening, (operation) => context.with(inside, operation))
    },

    end({ scope, durationMillis, failed, error }) {
      const { span, own } = spans.get(scope) ?? {}
      if (span === undefined || own === undefined || !open.delete(own)) return
      lost.unregister(own)
      ended.add(span)
      const request = requests.of(scope)
      if (request !== undefined) describeRequest(span, scope, request)
      if (failed) {
        // No status code: the application chooses the codes of its own errors.
        const { exceptionType, message } = describeError('other_sql', error)
        span.setAttribute(ATTR_ERROR_TYPE, exceptionType)
        const status = { code: SpanStatusCode.ERROR }
        span.setStatus(writing.options.errorMessages ? { ...status, message } : status)
      }
      writing.endSpan(span, scope.startTimeMillis + durationMillis)
    },

    spanOf,

    isOwn(span) {
      for (const own of open) if (own.deref() === span) return true
      return false
    },

    endAll() {
      const now = toEpochMillis(clock.now())
      for (const own of open) {
        const span = own.deref()
        if (span === undefined) continue
        ended.add(span)
        writing.endSpan(span, now)
      }
      open.clear()
    },
  }
}

/** The scope of the request in which a scope is. */
function requestScope(scope: Scope): Scope | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.kind === 'http') return at.ended ? undefined : at
  }
  return undefined
}

/** Whether the SDK shows that a span has ended; the API has no function for it. */
function hasEnded(span: Span & { readonly ended?: unknown }): boolean {
  return span.ended === true
}

function hasEndedBefore(
  span: Span & { readonly endTime?: readonly [number, number] },
  scope: Scope,
): boolean {
  if (!hasEnded(span) || span.endTime === undefined) return false
  const [seconds, nanoseconds] = span.endTime
  return seconds * 1_000 + nanoseconds / 1e6 <= scope.startTimeMillis
}
