import type { Span } from '@opentelemetry/api'
import { diagnostics } from '@querylens/core'
import { describe, expect, it } from 'vitest'

import { querylensSpanProcessor } from '../../src/sdk/index.js'
import * as endings from '../../src/spans/span-endings.js'
import { sdkLines } from '../support/sdk-lines.js'

/** Another copy of the module, as a bundled application has it. */
const another = (await import('../../src/spans/span-endings.js?another' as string)) as typeof endings

describe.each(sdkLines)('beforeEnd, with the SDK $line', ({ createProvider }) => {
  const start = (): Span => createProvider([querylensSpanProcessor()]).getTracer('test').startSpan('first')

  it.each([
    ['the same copy', endings],
    ['another copy', another],
  ])('calls a listener of %s right before the span ends, once', (_, { beforeEnd, isEndSeen }) => {
    const span = start()
    const calls: boolean[] = []
    beforeEnd(span, () => calls.push(span.isRecording()))
    expect(isEndSeen(span)).toBe(true)
    expect(calls).toEqual([])
    span.end()
    expect(calls).toEqual([true])
  })

  it('calls all listeners of a span, although one throws', () => {
    const span = start()
    const faultsBefore = diagnostics().faults
    const calls: string[] = []
    endings.beforeEnd(span, () => {
      throw new Error('first')
    })
    another.beforeEnd(span, () => calls.push('second'))
    span.end()
    expect(calls).toEqual(['second'])
    expect(diagnostics().faults).toBe(faultsBefore + 1)
  })

  it('does not see a span without the span processor', () => {
    const span = createProvider([]).getTracer('test').startSpan('a')
    expect(endings.isEndSeen(span)).toBe(false)
  })
})

describe('shareOpenSpans', () => {
  it.each([
    ['the same copy', endings],
    ['another copy', another],
  ])(
    'lets the span processor of %s release and end spans, until it is taken back',
    async (_, { shareOpenSpans }) => {
      const calls: string[] = []
      const unshare = shareOpenSpans({
        release: () => void calls.push('release'),
        end: () => void calls.push('end'),
      })
      const processor = querylensSpanProcessor()
      await processor.forceFlush()
      await processor.shutdown()
      expect(calls).toEqual(['release', 'end'])
      unshare()
      await processor.forceFlush()
      await processor.shutdown()
      expect(calls).toHaveLength(2)
    },
  )
})
