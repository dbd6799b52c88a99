import { context, isSpanContextValid, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import type { Scope, ScopeOpening, ScopeSummary } from '@querylens/core'
import { toEpochMillis } from '@querylens/core/recorder'

import { ATTR_ERROR_TYPE, ATTR_QUERYLENS_SCOPE_NAME } from './attributes.js'
import { describeError } from './error-description.js'
import { activateIn, type SpanContext } from './query-spans.js'

/** Turns units of work into INTERNAL spans where nothing else has: otherwise each query would be a trace of its own. */
export interface ScopeSpans {
  start(opening: ScopeOpening): void
  end(summary: ScopeSummary): void
  /** The span of the innermost unit of work that has one: its own, or the one in which it began. */
  spanOf(scope: Scope | undefined): Span | undefined
  /** Ends those that are open, whose scopes will not be heard of any more. */
  endAll(): void
}

/** The span of a unit of work. */
interface ScopeSpan {
  readonly span: Span
  /** With its own, which we have to end. */
  readonly own?: WeakRef<Span>
}

export function createScopeSpans(shared: SpanContext): ScopeSpans {
  const spans = new WeakMap<Scope, ScopeSpan>()
  // Work that never settles must not be kept for it.
  const open = new Set<WeakRef<Span>>()
  /** Those of ours that have ended: of one that is not sampled the API does not tell. */
  const ended = new WeakSet<Span>()
  const lost = new FinalizationRegistry<WeakRef<Span>>((own) => open.delete(own))
  return {
    start(opening) {
      const { scope } = opening
      const active = context.active()
      const around = trace.getSpan(active)
      if (around?.isRecording() === true) {
        spans.set(scope, { span: around })
        return
      }
      // What a timer starts has the context in which the timer was set, for ever: a job that comes again would be part of
      // the trace of a request or a start-up that is long over.
      const isOver = around !== undefined && (ended.has(around) || hasEnded(around))
      const span = shared.tracer.startSpan(
        scope.name,
        {
          kind: SpanKind.INTERNAL,
          startTime: scope.startTimeMillis,
          attributes: { [ATTR_QUERYLENS_SCOPE_NAME]: scope.name },
          ...(isOver && { root: true, links: [{ context: around.spanContext() }] }),
        },
        active,
      )
      // Without traces there is none to be in.
      if (!isSpanContextValid(span.spanContext())) return
      const own = new WeakRef(span)
      open.add(own)
      lost.register(span, own, own)
      spans.set(scope, { span, own })
      opening.activate = activateIn(trace.setSpan(active, span), opening.activate)
    },

    end({ scope, durationMillis, failed, error }) {
      const { span, own } = spans.get(scope) ?? {}
      if (span === undefined || own === undefined || !open.delete(own)) return
      lost.unregister(own)
      ended.add(span)
      if (failed) {
        // A code would be what the application thinks fit.
        const { exceptionType, message } = describeError('other_sql', error)
        span.setAttribute(ATTR_ERROR_TYPE, exceptionType)
        const status = { code: SpanStatusCode.ERROR }
        span.setStatus(shared.options.errorMessages ? { ...status, message } : status)
      }
      span.end(scope.startTimeMillis + durationMillis)
    },

    spanOf(scope) {
      for (let at = scope; at !== undefined; at = at.parent) {
        const found = spans.get(at)
        if (found !== undefined) return found.span
      }
      return undefined
    },

    endAll() {
      const now = toEpochMillis(performance.now())
      for (const own of open) {
        const span = own.deref()
        if (span === undefined) continue
        ended.add(span)
        span.end(now)
      }
      open.clear()
    },
  }
}

/** By the SDK. */
function hasEnded(span: Span & { readonly ended?: unknown }): boolean {
  return span.ended === true
}
