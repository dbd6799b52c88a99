import { context, isSpanContextValid, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import type { Scope, ScopeOpening, ScopeSummary } from '@querylens/core'

import { ATTR_ERROR_TYPE, ATTR_QUERYLENS_SCOPE_NAME } from './attributes.js'
import { describeError } from './error-description.js'
import { activateIn, type SpanContext } from './query-spans.js'

/** Turns units of work into INTERNAL spans where nothing else has: otherwise each query would be a trace of its own. */
export interface ScopeSpans {
  start(opening: ScopeOpening): void
  end(summary: ScopeSummary): void
  /** Ends those that are open, whose scopes will not be heard of any more. */
  endAll(): void
}

export function createScopeSpans(shared: SpanContext): ScopeSpans {
  const open = new Map<Scope, Span>()
  return {
    start(opening) {
      const active = context.active()
      if (trace.getSpan(active) !== undefined) return
      const { scope } = opening
      const span = shared.tracer.startSpan(
        scope.name,
        {
          kind: SpanKind.INTERNAL,
          startTime: scope.startTimeMillis,
          attributes: { [ATTR_QUERYLENS_SCOPE_NAME]: scope.name },
        },
        active,
      )
      // Without traces there is none to be in.
      if (!isSpanContextValid(span.spanContext())) return
      open.set(scope, span)
      opening.activate = activateIn(trace.setSpan(active, span), opening.activate)
    },

    end({ scope, durationMillis, failed, error }) {
      const span = open.get(scope)
      if (span === undefined) return
      open.delete(scope)
      if (failed) {
        const { type, message } = describeError('other_sql', error)
        span.setAttribute(ATTR_ERROR_TYPE, type)
        const status = { code: SpanStatusCode.ERROR }
        span.setStatus(shared.options.errorMessages ? { ...status, message } : status)
      }
      span.end(scope.startTimeMillis + durationMillis)
    },

    endAll() {
      for (const span of open.values()) span.end()
      open.clear()
    },
  }
}
