import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { useFakeClock, useRealClock } from '../support/fake-clock.js'
import { channels } from '../../src/messages/channels.js'
import { faultCount, reportFault, type Fault } from '../../src/messages/faults.js'

describe('reportFault', () => {
  const reported: Fault[] = []
  const onFault = (fault: unknown): void => void reported.push(fault as Fault)

  beforeEach(() => {
    reported.length = 0
    channels.fault.subscribe(onFault)
    useFakeClock()
  })
  afterEach(() => {
    channels.fault.unsubscribe(onFault)
    useRealClock()
  })

  it('reports the first fault of a burst and counts the rest', () => {
    const before = faultCount()
    const first = new Error('first')
    reportFault('burst', first)
    for (let count = 0; count < 99; count++) reportFault('burst', new Error('again'))
    expect(reported).toEqual([{ origin: 'burst', error: first, count: 1 }])
    expect(faultCount()).toBe(before + 100)
  })

  it('reports the number of faults since the last report', () => {
    reportFault('two bursts', 1)
    reportFault('two bursts', 2)
    vi.advanceTimersByTime(61_000)
    reportFault('two bursts', 3)
    expect(reported).toEqual([
      { origin: 'two bursts', error: 1, count: 1 },
      { origin: 'two bursts', error: 3, count: 2 },
    ])
  })

  it('reports bursts of different origins separately', () => {
    reportFault('here', 1)
    reportFault('there', 2)
    expect(reported.map(({ origin }) => origin)).toEqual(['here', 'there'])
  })

  it('ignores an error of a subscriber to the fault channel', () => {
    const failing = (): void => {
      throw new Error('of the fault channel')
    }
    channels.fault.subscribe(failing)
    expect(() => reportFault('unlucky', 1)).not.toThrow()
    channels.fault.unsubscribe(failing)
  })
})
