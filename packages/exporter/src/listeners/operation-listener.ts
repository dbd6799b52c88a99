import type { ExecutionChannel } from '@querylens/core'
import { clock } from '@querylens/core/internal'

import type { Listener } from './listener.js'

/** How long a closed listener waits for operations that are under way: longer than any statement should take. */
const GRACE_MILLIS = 60_000

/**
 * Listens to the starts and ends of operations.
 *
 * `close()` stops listening to starts at once. It stops listening to ends when no operation is under way any more, or
 * after a minute, so that a statement that never ends keeps no subscription.
 */
export interface OperationListener<Message, State> extends Listener {
  /** What `start` has returned for an operation that is under way. */
  stateOf(message: Message): State | undefined
  /** The same of all operations that are under way. */
  states(): Iterable<State>
}

/** @param handlers `end` gets what `start` has returned for the same message */
export function listenToOperations<Message extends object, State>(
  channel: ExecutionChannel<Message>,
  handlers: { start(message: Message): State; end(message: Message, state: State): void },
): OperationListener<Message, State> {
  const underWay = new Map<Message, State>()
  let listening = false
  let grace: NodeJS.Timeout | undefined
  const forget = (): void => {
    underWay.clear()
    channel.unsubscribe(ends)
  }
  const starts = {
    start(message: Message) {
      underWay.set(message, handlers.start(message))
    },
  }
  const ends = {
    asyncEnd(message: Message) {
      const state = underWay.get(message)
      if (!underWay.delete(message)) return
      if (!listening && underWay.size === 0) channel.unsubscribe(ends)
      handlers.end(message, state as State)
    },
  }
  return {
    open() {
      if (listening) return
      listening = true
      clock.clearTimeout(grace)
      channel.unsubscribe(ends)
      channel.subscribe(starts)
      channel.subscribe(ends)
    },
    close() {
      if (!listening) return
      listening = false
      channel.unsubscribe(starts)
      if (underWay.size === 0) channel.unsubscribe(ends)
      else grace = clock.setTimeout(forget, GRACE_MILLIS).unref()
    },
    stateOf: (message) => underWay.get(message),
    states: () => underWay.values(),
  }
}
