import type { Channel, ChannelListener } from 'node:diagnostics_channel'

import { reportFault } from './faults.js'

const GUARDED: unique symbol = Symbol.for('querylens.guarded-channel')

type Transform = (message: unknown) => unknown

/** It is stored on the channel, so that two copies of this package share it. */
interface GuardState {
  boundStores: number
}

/**
 * Makes a channel safe for its publisher: an error that a subscriber throws, or an `async` subscriber rejects with, becomes
 * a counted fault. Without the guard Node raises an uncaught exception, which by default ends the process.
 *
 * Overrides `subscribe`, `unsubscribe` and `bindStore` on this channel alone. That includes subscribers by name, because
 * Node has one channel object for each name.
 *
 * @typeParam Message the type of its messages, which Node's types leave open
 */
export function guardChannel<Message>(channel: Channel): Channel<unknown, Message> {
  if (GUARDED in channel) return channel as Channel<unknown, Message>
  const name = String(channel.name)
  const guards = new WeakMap<ChannelListener, ChannelListener>()
  const guardOf = (listener: ChannelListener): ChannelListener => {
    if (typeof listener !== 'function') return listener
    let guard = guards.get(listener)
    if (guard === undefined) {
      guard = (message, channelName) => {
        try {
          const returned: unknown = listener(message, channelName)
          if (returned instanceof Promise) returned.catch(onFault)
        } catch (error) {
          onFault(error)
        }
      }
      guards.set(listener, guard)
      // An idle channel passes its first subscriber to `subscribe` of the active channel, which is this override again.
      guards.set(guard, guard)
    }
    return guard
  }
  const state: GuardState = { boundStores: 0 }
  const onFault = (error: unknown): void => reportFault(`subscriber of ${name}`, error)

  // Guard subscribers that subscribed by name before this package was loaded. Node has no public API for them.
  const { _subscribers: early } = channel as { readonly _subscribers?: ChannelListener[] }
  if (Array.isArray(early)) early.forEach((listener, index) => (early[index] = guardOf(listener)))

  // Node replaces a channel's prototype with its first subscriber, and again when the last one unsubscribes.
  const inherited = (): Channel => Object.getPrototypeOf(channel) as Channel
  Object.defineProperties(channel, {
    [GUARDED]: { value: state },
    subscribe: {
      value: (listener: ChannelListener) => inherited().subscribe.call(channel, guardOf(listener)),
    },
    unsubscribe: {
      value: (listener: ChannelListener) => inherited().unsubscribe.call(channel, guardOf(listener)),
    },
    bindStore: {
      value: (store: never, transform?: Transform) => {
        state.boundStores++
        const guarded = (message: unknown): unknown => {
          try {
            return transform?.(message)
          } catch (error) {
            onFault(error)
            return undefined
          }
        }
        inherited().bindStore.call(channel, store, transform === undefined ? undefined : guarded)
      },
    },
  })
  return channel as Channel<unknown, Message>
}

/** Whether an `AsyncLocalStorage` was ever bound to a guarded channel. */
export function hasBoundStores(channel: object): boolean {
  return ((channel as { readonly [GUARDED]?: GuardState })[GUARDED]?.boundStores ?? 1) > 0
}
