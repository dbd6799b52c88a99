import { channel } from 'node:diagnostics_channel'

import { expect, it } from 'vitest'

import { guardChannel } from '../../src/messages/guarded-channel.js'

it('guardChannel guards a subscriber that subscribed before it', () => {
  const received: unknown[] = []
  const failing = (message: unknown): void => {
    received.push(message)
    throw new Error('from a subscriber by name')
  }
  const early = channel('querylens.test:early')
  early.subscribe(failing)
  guardChannel(early)
  // Without the guard Node raises an uncaught exception, which fails the test run.
  early.publish('one')
  expect(early.unsubscribe(failing)).toBe(true)
  early.publish('two')
  expect(received).toEqual(['one'])
})
