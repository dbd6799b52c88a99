import type { Span, TimeInput } from '@opentelemetry/api'
import { TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'

import { querylensSpanProcessor } from '../../src/sdk/index.js'

type HrTime = ReadableSpan['startTime']

const spans: ReadableSpan[] = []
const provider = new TracerProvider({
  spanProcessors: [
    querylensSpanProcessor(),
    { onStart() {}, onEnd: (span) => void spans.push(span), async forceFlush() {}, async shutdown() {} },
  ],
})

/** A span as the exporter gets it, with the times right before and after its life. */
function trace(
  act: (span: Span) => void = () => {},
  startTime?: TimeInput,
): { readonly span: ReadableSpan; readonly before: number; readonly after: number } {
  const before = performance.now()
  const span = provider.getTracer('test').startSpan('x', startTime === undefined ? {} : { startTime })
  act(span)
  span.end()
  return { span: spans.pop()!, before, after: performance.now() }
}

const millisOf = ([seconds, nanoseconds]: HrTime): number => seconds * 1_000 + nanoseconds / 1e6
function wait(millis: number): void {
  const until = performance.now() + millis
  while (performance.now() < until);
}

describe('querylensSpanProcessor', () => {
  it('begins a span at its exact time', () => {
    const traces = Array.from({ length: 50 }, () => {
      wait(0.3)
      return trace()
    })
    const offsets = traces.map(({ span, before }) => millisOf(span.startTime) - before)
    const offset = Math.min(...offsets)
    for (const { span, before, after } of traces) {
      expect(millisOf(span.startTime) - offset).toBeLessThanOrEqual(after + 0.01)
      expect(millisOf(span.startTime) - offset).toBeGreaterThanOrEqual(before - 0.01)
    }
    // The wall clock has whole milliseconds, and the reading of the processor may be a little old.
    const earliest = Date.now() - 5
    const exact = performance.now() + offset
    expect(exact).toBeGreaterThan(earliest)
    expect(exact).toBeLessThan(Date.now() + 5)
  })

  it('keeps durations, and the times of events within them', () => {
    const { span, before, after } = trace((open) => {
      wait(2)
      open.addEvent('by the clock of the span')
      open.addEvent('by a reading', performance.now())
      wait(2)
    })
    const duration = millisOf(span.duration)
    expect(duration).toBeGreaterThanOrEqual(4)
    expect(duration).toBeLessThanOrEqual(after - before)
    for (const { time } of span.events) {
      expect(millisOf(time) - millisOf(span.startTime)).toBeGreaterThanOrEqual(1.99)
      expect(millisOf(span.endTime) - millisOf(time)).toBeGreaterThanOrEqual(1.99)
    }
  })

  it('keeps a start time that an instrumentation sets', () => {
    expect(trace(undefined, [1_700_000_000, 123_456_789]).span.startTime).toEqual([
      1_700_000_000, 123_456_789,
    ])
  })

  it.each([
    ['one without its times', {}],
    ['one that has a start alone', { startTime: [1, 0] }],
    [
      'one that counts otherwise',
      { startTime: [1, 0], _startTimeProvided: false, _performanceStartTime: 'x' },
    ],
    ['a frozen one', Object.freeze({ ...(provider.getTracer('test').startSpan('x') as object) })],
  ])('leaves the start of a span alone that is built otherwise: %s', (_, span: { startTime?: unknown }) => {
    const { startTime } = span
    querylensSpanProcessor().onStart(span as never, undefined as never)
    expect(span.startTime).toBe(startTime)
  })
})
