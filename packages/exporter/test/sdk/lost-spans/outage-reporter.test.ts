import { clock } from '@querylens/core/internal'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { OutageReporter } from '../../../src/sdk/lost-spans/outage-reporter.js'

const emitWarning = vi.spyOn(process, 'emitWarning')
const warnings = (): string[] => emitWarning.mock.calls.map(([text]) => String(text))
const pass = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1_000)

let reporter: OutageReporter
const lose = (lost: number, reason = 'down'): void => reporter.record({ delivered: 0, lost, reason })
const deliver = (delivered = 1): void => reporter.record({ delivered, lost: 0 })

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.parse('2026-01-02T03:04:05.000Z') })
  vi.spyOn(clock, 'now').mockImplementation(() => performance.now())
  vi.spyOn(clock, 'wallMillis').mockImplementation(() => Date.now())
  emitWarning.mockReset().mockImplementation(() => {})
  reporter = new OutageReporter()
})
afterEach(() => void vi.useRealTimers())

const BEGINNING =
  'querylens: spans are being lost: down. The application is not affected, ' +
  'and export resumes by itself as soon as the backend takes spans again.'

describe('OutageReporter', () => {
  it('does not warn while all spans are delivered', () => {
    deliver()
    reporter.close()
    expect(warnings()).toEqual([])
  })

  it('reports an outage at its beginning and at its end', () => {
    lose(512)
    expect(warnings()).toEqual([BEGINNING])
    expect(emitWarning.mock.calls[0]?.[1]).toEqual({ code: 'QUERYLENS_SPANS_LOST' })
    pass(600)
    lose(512)
    pass(5)
    deliver()
    deliver()
    reporter.close()
    expect(warnings().slice(1)).toEqual([
      'querylens: 1024 spans were lost from 2026-01-02T03:04:05.000Z to 2026-01-02T03:14:05.000Z: down. ' +
        'Spans are exported again.',
    ])
  })

  it('reports a loss among delivered spans once', () => {
    reporter.record({ delivered: 511, lost: 1, reason: 'too large' })
    expect(warnings()).toEqual([
      'querylens: 1 span was lost at 2026-01-02T03:04:05.000Z: too large. Other spans were exported.',
    ])
  })

  it('reports a lasting outage when it is closed', () => {
    lose(3)
    reporter.close()
    reporter.close()
    expect(warnings().slice(1)).toEqual([
      'querylens: 3 spans were lost at 2026-01-02T03:04:05.000Z: down. Telemetry has been shut down.',
    ])
  })

  it('reports no beginning after hold(), but the end', () => {
    reporter.hold()
    lose(3)
    reporter.record({ delivered: 1, lost: 1, reason: 'down' })
    expect(warnings()).toEqual([])
    reporter.close()
    expect(warnings()).toEqual([
      'querylens: 4 spans were lost at 2026-01-02T03:04:05.000Z: down. Telemetry has been shut down.',
    ])
  })

  it('reports the end of an outage after hold()', () => {
    lose(3)
    reporter.hold()
    deliver()
    reporter.close()
    expect(warnings().slice(1)).toEqual([expect.stringContaining('Spans are exported again.') as string])
  })

  it('names each reason once, and three at most', () => {
    for (const reason of ['a', 'b', 'a', 'c', 'd', 'e']) lose(1, reason)
    deliver()
    expect(warnings()[1]).toContain('6 spans were lost at 2026-01-02T03:04:05.000Z: a; b; c. ')
  })

  it('reports an unstable backend at most once a minute', () => {
    for (let seconds = 0; seconds < 180; seconds += 10) {
      lose(10)
      pass(5)
      deliver()
      pass(5)
    }
    reporter.close()
    const lost = warnings().map((text) => Number(/(\d+) spans? w/.exec(text)?.[1] ?? 0))
    expect(lost.reduce((sum, count) => sum + count, 0)).toBe(180)
    expect(warnings().length).toBeLessThanOrEqual(6)
  })

  it('reports an outage of the quiet minute as soon as that is over', () => {
    lose(1)
    deliver()
    pass(10)
    lose(2)
    expect(warnings()).toHaveLength(2)
    pass(60)
    lose(3)
    expect(warnings().slice(2)).toEqual([BEGINNING])
    deliver()
    expect(warnings()[3]).toContain(
      '5 spans were lost from 2026-01-02T03:04:15.000Z to 2026-01-02T03:05:15.000Z',
    )
  })

  it('reports losses of the quiet minute when that is over, or when it is closed', () => {
    lose(1)
    deliver()
    lose(2)
    deliver()
    expect(warnings()).toHaveLength(2)
    pass(60)
    deliver()
    expect(warnings().slice(2)).toEqual([
      expect.stringMatching(/2 spans were lost .* Other spans were exported\.$/) as string,
    ])
    lose(4)
    reporter.close()
    expect(warnings().slice(3)).toEqual([expect.stringContaining('4 spans were lost') as string])
  })

  it('does not throw where process.emitWarning throws', () => {
    emitWarning.mockImplementation(() => {
      throw new Error('no')
    })
    lose(1)
    deliver()
    reporter.close()
    expect(emitWarning).toHaveBeenCalledTimes(2)
  })
})
