import { describe, expect, it } from 'vitest'

import { watchSpans } from '../../../src/sdk/lost-spans/span-watch.js'

const refusing = {
  get _activeSpanProcessor(): never {
    throw new Error('no')
  },
}
/** As known, but for one thing. */
const processor = {
  _exporter: { export: () => {} },
  _maxQueueSize: 1,
  _exportTimeoutMillis: 1,
  _droppedSpansCount: 0,
  onEnd: () => {},
}
const providerOf = (...processors: readonly unknown[]): unknown => ({
  _activeSpanProcessor: { _spanProcessors: processors },
})

describe('watchSpans', () => {
  it.each<[string, unknown]>([
    ['no provider', undefined],
    ['one that is built otherwise', { processors: [] }],
    ['one that cannot be read', refusing],
    ['one whose processors are no list', { _activeSpanProcessor: { _spanProcessors: 7 } }],
    ['strange processors', providerOf(undefined, {}, { _exporter: {} })],
    ['a processor without a queue', providerOf({ ...processor, _maxQueueSize: undefined })],
    ['a processor that counts no drops', providerOf({ ...processor, _droppedSpansCount: undefined })],
    ['a processor that cannot be changed', providerOf(Object.freeze({ ...processor }))],
  ])('leaves %s alone', async (_, provider) => {
    const watch = watchSpans(provider)
    expect(watch.spans).toEqual({ delivered: 0, lost: 0 })
    await watch.settle()
    await watch.close(async () => {})
    await watch.abandon()
  })
})
