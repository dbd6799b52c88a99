import { afterEach, describe, expect, it, vi } from 'vitest'

import { clock, toEpochMillis } from '../src/clock.js'

const { now } = Date
const HOUR_MILLIS = 3_600_000

function setClocks(monotonicMillis: number, wallMillis: number): void {
  vi.spyOn(clock, 'now').mockReturnValue(monotonicMillis)
  vi.spyOn(clock, 'wallMillis').mockReturnValue(Math.floor(wallMillis))
}

/** Sets both clocks and converts the present reading of the monotonic one. */
function convertAt(monotonicMillis: number, wallMillis: number): number {
  setClocks(monotonicMillis, wallMillis)
  return toEpochMillis(monotonicMillis)
}

describe('toEpochMillis', () => {
  afterEach(() => void vi.restoreAllMocks())

  it('returns fractions of the milliseconds of the wall clock', () => {
    const start = performance.now()
    const wall = now()
    expect(convertAt(start, wall)).toBeCloseTo(wall, -1)
    expect(convertAt(start + 0.25, wall) - convertAt(start, wall)).toBeCloseTo(0.25, 2)
  })

  it('follows the wall clock when that is set forward and back', () => {
    const start = performance.now()
    const wall = now()
    convertAt(start + 100, wall + 100)
    expect(convertAt(start + 101, wall + 101 + HOUR_MILLIS)).toBe(wall + 101 + HOUR_MILLIS)
    expect(convertAt(start + 102, wall + 102)).toBe(wall + 102)
    expect(convertAt(start + 103, wall + 103 - HOUR_MILLIS)).toBe(wall + 103 - HOUR_MILLIS)
  })

  it('stays within two milliseconds of a slewed wall clock', () => {
    const start = performance.now() + 1_000
    const wall = now() + 1_000
    for (let millis = 0; millis < HOUR_MILLIS; millis += 1_000) {
      const slewed = wall + millis * 0.999_95
      // `Date.now()` cuts off up to one more millisecond.
      expect(Math.abs(convertAt(start + millis, slewed) - slewed)).toBeLessThanOrEqual(3)
    }
  })

  describe('with a reading that the caller took earlier', () => {
    const start = performance.now() + 2 * HOUR_MILLIS
    const wall = now() + 2 * HOUR_MILLIS

    it('returns the earlier time', () => {
      expect(convertAt(start, wall) - toEpochMillis(start - 5_000)).toBeCloseTo(5_000, 5)
    })

    it('keeps the offset while the clocks differ by less than two milliseconds', () => {
      convertAt(start, wall)
      setClocks(start + 1, wall + 2)
      expect(toEpochMillis(start - 5_000)).toBeCloseTo(wall - 5_000, 5)
    })

    it('reads both clocks again when the wall clock was set since', () => {
      convertAt(start, wall)
      setClocks(start + 10, wall + 10 + HOUR_MILLIS)
      expect(toEpochMillis(start - 5_000)).toBeCloseTo(wall - 5_000 + HOUR_MILLIS, 5)
    })
  })
})

describe('wallMillis', () => {
  afterEach(() => void vi.restoreAllMocks())

  it.each(['before', 'while'])('is real where it was loaded %s a test replaces Date.now', async (loaded) => {
    const replace = () => vi.spyOn(Date, 'now').mockReturnValue(0)
    if (loaded === 'while') replace()
    vi.resetModules()
    const { clock: other } = await import('../src/clock.js')
    replace()
    expect(Date.now()).toBe(0)
    expect(other.wallMillis()).toBeGreaterThan(Date.parse('2026-01-01'))
  })
})
