import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { OutageReporter } from '../../../src/sdk/lost-spans/outage-reporter.js'

const emitWarning = vi.spyOn(process, 'emitWarning')
const said = (): string[] => emitWarning.mock.calls.map(([text]) => String(text))
const pass = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1_000)

let reporter: OutageReporter
const lose = (lost: number, reason = 'down'): void => reporter.record({ delivered: 0, lost, reason })
const deliver = (delivered = 1): void => reporter.record({ delivered, lost: 0 })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.parse('2026-01-02T03:04:05.000Z') })
  emitWarning.mockReset().mockImplementation(() => {})
  reporter = new OutageReporter()
})
afterEach(() => void vi.useRealTimers())

const BEGINNING =
  'querylens: spans are being lost: down. The application is not affected, ' +
  'and export resumes by itself as soon as the backend takes spans again.'

describe('OutageReporter', () => {
  it('says nothing while all goes well', () => {
    deliver()
    reporter.close()
    expect(said()).toEqual([])
  })

  it('tells of an outage at its beginning and at its end', () => {
    lose(512)
    expect(said()).toEqual([BEGINNING])
    expect(emitWarning.mock.calls[0]?.[1]).toEqual({ code: 'QUERYLENS_SPANS_LOST' })
    pass(600)
    lose(512)
    pass(5)
    deliver()
    deliver()
    reporter.close()
    expect(said().slice(1)).toEqual([
      'querylens: 1024 spans were lost from 2026-01-02T03:04:05.000Z to 2026-01-02T03:14:05.000Z: down. ' +
        'Spans are exported again.',
    ])
  })

  it('tells of a loss among spans that are delivered in one sentence', () => {
    reporter.record({ delivered: 511, lost: 1, reason: 'too large' })
    expect(said()).toEqual([
      'querylens: 1 span was lost at 2026-01-02T03:04:05.000Z: too large. Other spans were exported.',
    ])
  })

  it('has the last word on an outage that lasts', () => {
    lose(3)
    reporter.close()
    reporter.close()
    expect(said().slice(1)).toEqual([
      'querylens: 3 spans were lost at 2026-01-02T03:04:05.000Z: down. Telemetry has been shut down.',
    ])
  })

  it('tells of no beginning when the end is near, but has the last word', () => {
    reporter.hold()
    lose(3)
    reporter.record({ delivered: 1, lost: 1, reason: 'down' })
    expect(said()).toEqual([])
    reporter.close()
    expect(said()).toEqual([
      'querylens: 4 spans were lost at 2026-01-02T03:04:05.000Z: down. Telemetry has been shut down.',
    ])
  })

  it('tells of the end of an outage that ends at the very end', () => {
    lose(3)
    reporter.hold()
    deliver()
    reporter.close()
    expect(said().slice(1)).toEqual([expect.stringContaining('Spans are exported again.') as string])
  })

  it('says each reason once, and not endlessly many', () => {
    for (const reason of ['a', 'b', 'a', 'c', 'd', 'e']) lose(1, reason)
    deliver()
    expect(said()[1]).toContain('6 spans were lost at 2026-01-02T03:04:05.000Z: a; b; c. ')
  })

  it('keeps what a backend loses that fails every other batch, and tells of it once a minute', () => {
    for (let seconds = 0; seconds < 180; seconds += 10) {
      lose(10)
      pass(5)
      deliver()
      pass(5)
    }
    reporter.close()
    const lost = said().map((text) => Number(/(\d+) spans? w/.exec(text)?.[1] ?? 0))
    expect(lost.reduce((sum, count) => sum + count, 0)).toBe(180)
    expect(said().length).toBeLessThanOrEqual(6)
  })

  it('tells of an outage that begins in the quiet minute as soon as that is over', () => {
    lose(1)
    deliver()
    pass(10)
    lose(2)
    expect(said()).toHaveLength(2)
    pass(60)
    lose(3)
    expect(said().slice(2)).toEqual([BEGINNING])
    deliver()
    expect(said()[3]).toContain('5 spans were lost from 2026-01-02T03:04:15.000Z to 2026-01-02T03:05:15.000Z')
  })

  it('tells of what was lost in the quiet minute when that is over, or at the end', () => {
    lose(1)
    deliver()
    lose(2)
    deliver()
    expect(said()).toHaveLength(2)
    pass(60)
    deliver()
    expect(said().slice(2)).toEqual([
      expect.stringMatching(/2 spans were lost .* Other spans were exported\.$/) as string,
    ])
    lose(4)
    reporter.close()
    expect(said().slice(3)).toEqual([expect.stringContaining('4 spans were lost') as string])
  })

  it('does not throw where warnings do', () => {
    emitWarning.mockImplementation(() => {
      throw new Error('no')
    })
    lose(1)
    deliver()
    reporter.close()
    expect(emitWarning).toHaveBeenCalledTimes(2)
  })
})
