import { AsyncLocalStorage } from 'node:async_hooks'
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'

import { describe, expect, it } from 'vitest'

import { faultCount } from '../../src/messages/faults.js'
import { guardChannel, hasBoundStores } from '../../src/messages/guarded-channel.js'

let number = 0

function fresh() {
  return guardChannel<object>(channel(`test:guarded:${++number}`))
}

describe('guardChannel', () => {
  it('turns an error of a subscriber into a counted fault', () => {
    const guarded = fresh()
    const before = faultCount()
    const received: unknown[] = []
    guarded.subscribe(() => {
      throw new Error('subscriber')
    })
    guarded.subscribe((message) => received.push(message))
    const message = {}
    guarded.publish(message)
    expect(received).toEqual([message])
    expect(faultCount()).toBe(before + 1)
  })

  it('counts the rejection of an async subscriber', async () => {
    const guarded = fresh()
    const before = faultCount()
    guarded.subscribe(async () => {
      throw new Error('later')
    })
    guarded.publish({})
    await new Promise((resolve) => setImmediate(resolve))
    expect(faultCount()).toBe(before + 1)
  })

  it('guards subscribers that subscribe by name', () => {
    const guarded = fresh()
    const before = faultCount()
    const failing = (): void => {
      throw new Error('by name')
    }
    subscribe(guarded.name, failing)
    guarded.publish({})
    expect(faultCount()).toBe(before + 1)
    expect(unsubscribe(guarded.name, failing)).toBe(true)
    expect(guarded.hasSubscribers).toBe(false)
  })

  it('becomes idle when the last subscriber unsubscribes', () => {
    const guarded = fresh()
    const first = (): void => {}
    const second = (): void => {}
    guarded.subscribe(first)
    guarded.subscribe(second)
    guarded.unsubscribe(first)
    expect(guarded.hasSubscribers).toBe(true)
    guarded.unsubscribe(second)
    expect(guarded.hasSubscribers).toBe(false)
  })

  it('guards the transform of a bound store', () => {
    const guarded = fresh()
    const store = new AsyncLocalStorage<unknown>()
    const before = faultCount()
    expect(hasBoundStores(guarded)).toBe(false)
    guarded.bindStore(store, () => {
      throw new Error('transform')
    })
    expect(hasBoundStores(guarded)).toBe(true)
    expect(guarded.runStores({}, () => 'ran')).toBe('ran')
    expect(faultCount()).toBeGreaterThan(before)
  })

  it('sets the value of a bound store', () => {
    const guarded = fresh()
    const store = new AsyncLocalStorage<unknown>()
    guarded.bindStore(store, (message) => message)
    const message = {}
    expect(guarded.runStores(message, () => store.getStore())).toBe(message)
  })
})
