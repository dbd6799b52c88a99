import type { ExecutionChannel } from '@querylens/core'

/** Listens to the beginnings and ends of operations. */
export interface Subscription<Message, State> {
  open(): void
  /** Stops the beginnings at once, and the ends when nothing is under way any more: what was started is ended. */
  close(): void
  /** What `start` has returned for an operation that is under way. */
  stateOf(message: Message): State | undefined
}

/**
 * @param handlers `start` returns what `end` gets again with the same message
 */
export function createSubscription<Message extends object, State>(
  channel: ExecutionChannel<Message>,
  handlers: { start(message: Message): State; end(message: Message, state: State): void },
): Subscription<Message, State> {
  const underWay = new Map<Message, State>()
  let listening = false
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
      listening = true
      channel.subscribe(starts)
      if (underWay.size === 0) channel.subscribe(ends)
    },
    close() {
      listening = false
      channel.unsubscribe(starts)
      if (underWay.size === 0) channel.unsubscribe(ends)
    },
    stateOf: (message) => underWay.get(message),
  }
}
