import { vi } from 'vitest'

import { clock } from '../../src/clock.js'

/** Lets Querylens measure with a monotonic clock that `vi.advanceTimersByTime` advances. */
export function useFakeClock(): void {
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.spyOn(clock, 'now').mockImplementation(() => performance.now())
}

export function useRealClock(): void {
  vi.useRealTimers()
  vi.mocked(clock.now).mockRestore()
}
