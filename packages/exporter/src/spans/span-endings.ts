import type { Span, SpanContext } from '@opentelemetry/api'
import { processState, reportFault } from '@querylens/core/internal'

import { announcesEnding } from '../sdk-internals.js'

/** The spans that an instrumentation keeps open on purpose. */
export interface OpenSpans {
  /** Ends the query spans that wait for the final figures of a finding, with the figures so far. */
  release(): void
  /** The same, and ends the spans of scopes that are open. */
  end(): void
}

/** What a span processor of Querylens knows of its SDK. */
export interface SpanProcessorState {
  /** Whether the SDK calls `onEnding`, which exists since 2.3; `undefined` before the first span. */
  hearsEndings: boolean | undefined
}

/** What the instrumentations and the span processors of Querylens share, whichever copy of this package made them. */
interface SpanEndings {
  /** Of all enabled instrumentations. */
  readonly openSpans: Set<OpenSpans>
  /** What runs right before a span ends, by its span context, which a wrapper around a span passes on. */
  readonly listeners: WeakMap<SpanContext, readonly (() => void)[]>
  /**
   * The property of a span for the state of the processor that has seen it. A property costs a span some 30 ns, an entry
   * in a `WeakSet` 700 ns.
   */
  readonly seenBy: symbol
}

const state: SpanEndings = processState('spanEndings', () => ({
  openSpans: new Set<OpenSpans>(),
  listeners: new WeakMap(),
  seenBy: Symbol('querylens.span-processor'),
}))

/**
 * Lets flushes and shutdowns of the SDK reach the open spans of an instrumentation.
 *
 * @returns a function that takes this call back
 */
export function shareOpenSpans(spans: OpenSpans): () => void {
  state.openSpans.add(spans)
  return () => void state.openSpans.delete(spans)
}

/** Ends the query spans that wait, of all instrumentations. A span processor calls it for a flush. Never throws. */
export function releaseOpenSpans(): void {
  for (const spans of state.openSpans) attempt(() => spans.release())
}

/** Ends the spans that wait and those of open scopes. A span processor calls it for a shutdown. Never throws. */
export function endOpenSpans(): void {
  for (const spans of state.openSpans) attempt(() => spans.end())
}

/** Notes that a span processor sees this span. */
export function noteStart(span: object, processor: SpanProcessorState): void {
  processor.hearsEndings ??= announcesEnding(span)
  ;(span as Record<symbol, unknown>)[state.seenBy] = processor
}

/** Runs what waits for the end of this span. Never throws. */
export function noteEnding(span: Pick<Span, 'spanContext'>, processor: SpanProcessorState): void {
  processor.hearsEndings = true
  const spanContext = span.spanContext()
  const listeners = state.listeners.get(spanContext)
  if (listeners === undefined) return
  state.listeners.delete(spanContext)
  for (const listener of listeners) attempt(listener)
}

/** Calls `listener` right before a span ends, as long as the span records and {@link isEndSeen} is true. */
export function beforeEnd(span: Span, listener: () => void): void {
  const spanContext = span.spanContext()
  state.listeners.set(spanContext, [...(state.listeners.get(spanContext) ?? []), listener])
}

/**
 * Whether a span processor of Querylens will see the end of a span: it has seen the start, and knows that its SDK calls
 * `onEnding`. Where this is false, the end may still be seen.
 */
export function isEndSeen(span: Span): boolean {
  const processor = (span as Span & Readonly<Record<symbol, SpanProcessorState | undefined>>)[state.seenBy]
  return processor?.hearsEndings === true
}

function attempt(act: () => void): void {
  try {
    act()
  } catch (fault) {
    reportFault('the end of a span', fault)
  }
}
