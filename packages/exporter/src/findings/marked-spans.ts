import type { Span } from '@opentelemetry/api'
import { clock } from '@querylens/core/internal'

import { attempt, MarkedSpan } from './marked-span.js'

/** When a query span stops waiting for final figures: longer than nearly all requests take. */
const LONGEST_WAIT_MILLIS = 30_000

/**
 * All spans in which something was found.
 *
 * A query span ends long before the loop that the query is in, when the loop counts two executions where it will have
 * fifty. So it waits: Querylens ends it when the scope ends, after half a minute, or at a flush, but always with the time
 * at which the query ended. It waits only while the instrumentation is enabled: otherwise no final figures would come, and
 * no flush would reach it.
 */
export class MarkedSpans {
  readonly #marks = new WeakMap<Span, MarkedSpan>()
  /** What ends each span that waits. */
  readonly #waiting = new Map<Span, () => void>()
  #mayWait = false

  /** Marks a span that ends on its own time. */
  mark(span: Span): MarkedSpan {
    return this.#marks.get(span) ?? this.#add(span, { endsLater: false })
  }

  /** Marks the span of a query, whose end waits for final figures. */
  markQuery(span: Span): MarkedSpan {
    return this.#marks.get(span) ?? this.#add(span, { endsLater: true })
  }

  /** Ends a span of Querylens, or lets it wait. */
  end(span: Span, endTimeMillis: number): void {
    const marked = this.#marks.get(span)
    if (marked === undefined) {
      span.end(endTimeMillis)
    } else if (marked.isPending && marked.endsLater && this.#mayWait) {
      this.#wait(span, marked, endTimeMillis)
    } else {
      marked.writePending()
      span.end(endTimeMillis)
    }
  }

  /** From now on, spans wait for final figures. */
  open(): void {
    this.#mayWait = true
  }

  /** From now on, spans end at once, with the figures so far; so do those that wait. */
  close(): void {
    this.#mayWait = false
    this.release()
  }

  /** Ends the spans that wait, with the figures so far. */
  release(): void {
    for (const end of this.#waiting.values()) attempt(end)
  }

  #add(span: Span, { endsLater }: { readonly endsLater: boolean }): MarkedSpan {
    const marked = new MarkedSpan(span, endsLater)
    this.#marks.set(span, marked)
    return marked
  }

  #wait(span: Span, marked: MarkedSpan, endTimeMillis: number): void {
    // Writes the figures so far, after which the span has settled and ends.
    const end = (): void => marked.writePending()
    const timer = clock.setTimeout(end, LONGEST_WAIT_MILLIS).unref()
    this.#waiting.set(span, end)
    marked.whenSettled(() => {
      clock.clearTimeout(timer)
      this.#waiting.delete(span)
      span.end(endTimeMillis)
    })
  }
}
