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
import { toEpochMillis } from '@querylens/core/internal'
import { activateIn } from '@querylens/core/recorder'

import { ATTR_ERROR_TYPE, ATTR_QUERYLENS_SCOPE_NAME } from '../attributes.js'
import { describeError } from '../error-description.js'
import type { SpanWriting } from './span-writing.js'

/** Turns scopes without a span around them into INTERNAL spans. Without them, each query would be a trace of its own. */
export interface ScopeSpans {
  start(opening: ScopeOpening): void
  end(summary: ScopeSummary): void
  /** The span of the innermost scope that has one: its own, or the one in which it began. */
  spanOf(scope: Scope | undefined): Span | undefined
  /**
   * The context in which an operation of a scope begins: `active`. Work after the end of a scope runs in the context of a
   * span that has ended; the span of its later scope then takes the place of that one.
   */
  contextOf(scope: Scope | undefined, active: Context): Context
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
export function createScopeSpans(writing: SpanWriting): ScopeSpans {
  const spans = new WeakMap<Scope, ScopeSpan>()
  // Weak references, so that work that never settles does not stay in memory.
  const open = new Set<WeakRef<Span>>()
  /** Spans of Querylens that have ended: the API does not show that of a span that is not sampled. */
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
      // A timer keeps the context in which it was set. Without this check, a recurring job would belong to the trace of
      // a request or a start-up that ended long ago.
      const isOver = around !== undefined && (ended.has(around) || hasEnded(around))
      const span = writing.tracer.startSpan(
        scope.name,
        {
          kind: SpanKind.INTERNAL,
          startTime: scope.startTimeMillis,
          attributes: { [ATTR_QUERYLENS_SCOPE_NAME]: scope.name },
          ...(isOver && { root: true, links: [{ context: around.spanContext() }] }),
        },
        active,
      )
      // Without an SDK for traces the span is a no-op.
      if (!isSpanContextValid(span.spanContext())) return
      const own = new WeakRef(span)
      open.add(own)
      lost.register(span, own, own)
      spans.set(scope, { span, own })
      const inside = trace.setSpan(active, span)
      activateIn(opening, (operation) => context.with(inside, operation))
    },

    end({ scope, durationMillis, failed, error }) {
      const { span, own } = spans.get(scope) ?? {}
      if (span === undefined || own === undefined || !open.delete(own)) return
      lost.unregister(own)
      ended.add(span)
      if (failed) {
        // No status code: the application chooses the codes of its own errors.
        const { exceptionType, message } = describeError('other_sql', error)
        span.setAttribute(ATTR_ERROR_TYPE, exceptionType)
        const status = { code: SpanStatusCode.ERROR }
        span.setStatus(writing.options.errorMessages ? { ...status, message } : status)
      }
      writing.endSpan(span, scope.startTimeMillis + durationMillis)
    },

    spanOf(scope) {
      for (let at = scope; at !== undefined; at = at.parent) {
        const found = spans.get(at)
        if (found !== undefined) return found.span
      }
      return undefined
    },

    contextOf(scope, active) {
      if (scope?.kind !== 'later' || trace.getSpan(active)?.isRecording() === true) return active
      const { span, own } = spans.get(scope) ?? {}
      return span === undefined || own === undefined ? active : trace.setSpan(active, span)
    },

    isOwn(span) {
      for (const own of open) if (own.deref() === span) return true
      return false
    },

    endAll() {
      const now = toEpochMillis(performance.now())
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

/** Whether the SDK shows that a span has ended; the API has no function for it. */
function hasEnded(span: Span & { readonly ended?: unknown }): boolean {
  return span.ended === true
}
