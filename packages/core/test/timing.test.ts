import { describe, expect, it } from 'vitest'

import { Timing } from '../src/timing.js'

describe('Timing', () => {
  it('sums sequential operations', () => {
    const timing = new Timing()
    timing.start(0)
    timing.end(10, 10)
    timing.start(20)
    timing.end(25, 5)
    expect([timing.totalMillis, timing.busyMillis, timing.overlappingMillis]).toEqual([15, 15, 0])
  })

  it('counts concurrent time once, for any order of the ends', () => {
    const timing = new Timing()
    timing.start(0)
    timing.start(4)
    timing.start(6)
    timing.end(8, 4)
    timing.end(10, 10)
    timing.end(12, 6)
    expect([timing.totalMillis, timing.busyMillis, timing.overlappingMillis]).toEqual([20, 12, 8])
  })

  it('adds ended operations and never reports a negative overlap', () => {
    const timing = new Timing()
    timing.add(5)
    timing.start(0)
    timing.end(10, 9)
    expect([timing.totalMillis, timing.busyMillis, timing.overlappingMillis]).toEqual([14, 15, 0])
  })
})
