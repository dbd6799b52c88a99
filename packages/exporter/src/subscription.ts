import type { ExecutionChannel } from '@querylens/core'

/** How long a subscription that is closed waits for what is under way: longer than any statement should take. */
const GRACE_MILLIS = 60_000

/** Listens to the beginnings and ends of operations. */
export interface Subscription<Message, State> {
  open(): void
  /**
   * Stops the beginnings at once, and the ends when nothing is under way any more, or after a minute: what was
   * started is ended, but what never ends keeps nobody listening.
   */
  close(): void
  /** What `start` has returned for an operation that is under way. */
  stateOf(message: Message): State | undefined
  /** The same of all operations that are under way. */
  states(): Iterable<State>
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
      clearTimeout(grace)
      channel.unsubscribe(ends)
      channel.subscribe(starts)
      channel.subscribe(ends)
    },
    close() {
      if (!listening) return
      listening = false
      channel.unsubscribe(starts)
      if (underWay.size === 0) channel.unsubscribe(ends)
      else grace = setTimeout(forget, GRACE_MILLIS).unref()
    },
    stateOf: (message) => underWay.get(message),
    states: () => underWay.values(),
  }
}
