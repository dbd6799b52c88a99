import type { MessageChannel } from '@querylens/core'

/** Something that listens while it is open. */
export interface Listener {
  /** Starts to listen. Does nothing while it is open, unless its condition has changed. */
  open(): void
  /** Stops to listen. */
  close(): void
}

/** When a {@link Listener} listens. All optional. */
export interface ListenerOptions {
  /**
   * Whether it listens while it is open. Each `open()` asks again.
   *
   * @default always
   */
  readonly when?: (() => boolean) | undefined
  /**
   * Whether it goes on listening once it is closed, for messages that end what began before.
   *
   * @default false
   */
  readonly outlivesClose?: boolean | undefined
}

/** Listens to a channel of single messages. */
export function listenTo<Message>(
  channel: MessageChannel<Message>,
  onMessage: (message: Message) => void,
  { when, outlivesClose = false }: ListenerOptions = {},
): Listener {
  return createListener(
    () => {
      channel.subscribe(onMessage)
      return () => void channel.unsubscribe(onMessage)
    },
    { when, outlivesClose },
  )
}

/** @param start starts something and returns what stops it */
export function createListener(
  start: () => () => void,
  { when = () => true, outlivesClose = false }: ListenerOptions = {},
): Listener {
  let stop: (() => void) | undefined
  const end = (): void => {
    stop?.()
    stop = undefined
  }
  return {
    open() {
      if (when()) stop ??= start()
      else end()
    },
    close() {
      if (!outlivesClose) end()
    },
  }
}
