import { describe, expect, it } from 'vitest'

import { Timing } from '../src/timing.js'

describe('Timing', () => {
  it('sums what ran one after the other', () => {
    const timing = new Timing()
    timing.start(0)
    timing.end(10, 10)
    timing.start(20)
    timing.end(25, 5)
    expect([timing.totalMillis, timing.busyMillis, timing.overlappingMillis]).toEqual([15, 15, 0])
  })

  it('counts what ran side by side once, in whatever order it ended', () => {
    const timing = new Timing()
    timing.start(0)
    timing.start(4)
    timing.start(6)
    timing.end(8, 4)
    timing.end(10, 10)
    timing.end(12, 6)
    expect([timing.totalMillis, timing.busyMillis, timing.overlappingMillis]).toEqual([20, 12, 8])
  })

  it('adds what is over, and never overlaps by less than nothing', () => {
    const timing = new Timing()
    timing.add(5)
    timing.start(0)
    timing.end(10, 9)
    expect([timing.totalMillis, timing.busyMillis, timing.overlappingMillis]).toEqual([14, 15, 0])
  })
})
