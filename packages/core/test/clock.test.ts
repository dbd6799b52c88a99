import { afterEach, expect, it, vi } from 'vitest'

import { toEpochMillis } from '../src/clock.js'

const { now } = Date
const HOUR_MILLIS = 3_600_000

/** Sets both clocks: the monotonic one goes on from where it is, the other one is set. */
function at(monotonicMillis: number, wallMillis: number): number {
  vi.spyOn(performance, 'now').mockReturnValue(monotonicMillis)
  vi.spyOn(Date, 'now').mockReturnValue(Math.floor(wallMillis))
  return toEpochMillis(monotonicMillis)
}

afterEach(() => void vi.restoreAllMocks())

it('is finer than the wall clock', () => {
  const start = performance.now()
  const wall = now()
  expect(at(start, wall)).toBeCloseTo(wall, -1)
  expect(at(start + 0.25, wall) - at(start, wall)).toBeCloseTo(0.25, 2)
})

it('follows the wall clock when that is set, forwards and back', () => {
  const start = performance.now()
  const wall = now()
  at(start + 100, wall + 100)
  expect(at(start + 101, wall + 101 + HOUR_MILLIS)).toBe(wall + 101 + HOUR_MILLIS)
  expect(at(start + 102, wall + 102)).toBe(wall + 102)
  expect(at(start + 103, wall + 103 - HOUR_MILLIS)).toBe(wall + 103 - HOUR_MILLIS)
})

it('follows a wall clock that runs at another pace, and never leads it by more than two milliseconds', () => {
  const start = performance.now() + 1_000
  const wall = now() + 1_000
  for (let millis = 0; millis < HOUR_MILLIS; millis += 1_000) {
    const slewed = wall + millis * 0.999_95
    expect(Math.abs(at(start + millis, slewed) - slewed)).toBeLessThanOrEqual(3)
  }
})

it('takes a reading that is older for what it is', () => {
  const start = performance.now() + 2 * HOUR_MILLIS
  const wall = now() + 2 * HOUR_MILLIS
  expect(at(start, wall) - toEpochMillis(start - 5_000)).toBeCloseTo(5_000, 5)
})
