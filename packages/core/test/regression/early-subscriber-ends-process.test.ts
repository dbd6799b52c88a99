import { channel } from 'node:diagnostics_channel'

import { expect, it } from 'vitest'

import { guardChannel } from '../../src/messages/guarded-channel.js'

it('guards a subscriber that was there before the channel was guarded', () => {
  const heard: unknown[] = []
  const failing = (message: unknown): void => {
    heard.push(message)
    throw new Error('from a subscriber by name')
  }
  const early = channel('querylens.test:early')
  early.subscribe(failing)
  guardChannel(early)
  // Node turns what a subscriber throws into an uncaught exception, which fails the test run.
  early.publish('one')
  expect(early.unsubscribe(failing)).toBe(true)
  early.publish('two')
  expect(heard).toEqual(['one'])
})
