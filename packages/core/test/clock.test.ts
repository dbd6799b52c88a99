import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => void vi.restoreAllMocks())

it('follows the wall clock when that is set, and is finer than it', async () => {
  const { toEpochMillis } = await import('../src/clock.js')
  const at = performance.now()
  expect(Math.abs(toEpochMillis(at) - Date.now())).toBeLessThan(1_000)
  expect(toEpochMillis(at + 0.25) - toEpochMillis(at)).toBeCloseTo(0.25, 2)
  const { now } = Date
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000)
  expect(toEpochMillis(at + 2_000) - toEpochMillis(at)).toBeGreaterThan(-1)
  expect(toEpochMillis(at + 4_000) - (now() + 3_600_000)).toBeGreaterThan(-1_000)
})
