import { reportFault } from '../messages/faults.js'

/**
 * The caller's abort signal as Kysely accepts it: of this realm, of another one, or a polyfill. `null` means none.
 * Whatever it does, these functions do not throw.
 */
export type CallerSignal = AbortSignal | null | undefined

interface Watch {
  readonly listeners: Set<() => void>
  readonly notify: () => void
}

const watches = new WeakMap<AbortSignal, Watch>()

const NOTHING = (): void => {}

/**
 * Calls a listener when the signal fires.
 *
 * All listeners of a signal share one event listener, because each of those counts towards a limit that the application may
 * have set, and it stays only as long as somebody waits. `AbortSignal.any` is no way to do this: on Node 22 and 24 each
 * signal that it makes takes some memory until the source dies, and slows the garbage collector down.
 *
 * @returns a function that stops listening
 */
export function onAbort(signal: CallerSignal, listener: () => void): () => void {
  if (!signal) return NOTHING
  try {
    if (signal.aborted) return NOTHING
    const watch = watches.get(signal) ?? startWatch(signal)
    watch.listeners.add(listener)
    return () => {
      watch.listeners.delete(listener)
      if (watch.listeners.size === 0) endWatch(signal, watch)
    }
  } catch (fault) {
    reportFault('reading a signal', fault)
    return NOTHING
  }
}

/** Whether the signal has fired. */
export function isAborted(signal: CallerSignal): boolean {
  try {
    return signal?.aborted === true
  } catch (fault) {
    reportFault('reading a signal', fault)
    return false
  }
}

/** Why the signal has fired. */
export function reasonOf(signal: CallerSignal): unknown {
  try {
    return signal?.reason
  } catch (fault) {
    reportFault('reading a signal', fault)
    return undefined
  }
}

function startWatch(signal: AbortSignal): Watch {
  const watch: Watch = {
    listeners: new Set(),
    notify() {
      endWatch(signal, watch)
      for (const listener of watch.listeners) callListener(listener)
    },
  }
  signal.addEventListener('abort', watch.notify)
  watches.set(signal, watch)
  return watch
}

/** Node raises what an event listener throws as an uncaught exception. */
function callListener(listener: () => void): void {
  try {
    listener()
  } catch (fault) {
    reportFault('reading a signal', fault)
  }
}

function endWatch(signal: AbortSignal, watch: Watch): void {
  if (watches.get(signal) !== watch) return
  watches.delete(signal)
  try {
    signal.removeEventListener('abort', watch.notify)
  } catch (fault) {
    reportFault('reading a signal', fault)
  }
}
