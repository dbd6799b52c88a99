import { constants } from 'node:os'

import { sharedState } from '@querylens/core/recorder'

import type { SpanCounts } from './watched-exporter.js'

/** Running telemetry. */
export interface Telemetry {
  /**
   * What became of the spans that were to be exported, until now; each reading is a new object. Good for a health
   * endpoint: `lost` grows while the backend is down. With several exporters each span counts for each of them;
   * those for the console are not counted.
   */
  readonly spans: SpanCounts
  /** Sends what is in the queues now and goes on. Never rejects. */
  flush(): Promise<void>
  /**
   * Sends what is in the queues and stops; the same promise each time. Never rejects: a backend that is down
   * must not fail the application's own shutdown. Spans that are lost by it are told of like any others.
   */
  shutdown(): Promise<void>
}

/** What is to be stopped. Its promises must not reject. */
export interface Pipeline {
  flush(): Promise<void>
  shutdown(): Promise<void>
  /** Has the last word when the time for `shutdown` is up. */
  abandon(): Promise<void>
  /** Has the last word when the process ends at once. */
  end(): void
}

/** How long an ending process waits for a backend that does not answer. */
const DEADLINE_MILLIS = 5_000
/** What ends a process that is deployed anew, and one in a terminal. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const
/** A terminal signals the whole group, and what runs us, such as `node --watch`, once more. */
const REPEATS_MILLIS = 500

type Listener = (signal: NodeJS.Signals) => void

/** Those of all that was started in this process, by any copy of this package. */
const ours = sharedState('signal-listeners/1', () => new Set<unknown>())

/** Stops once: when asked, when the event loop is empty, or by a signal. */
export function createShutdown(
  pipeline: Pipeline,
  handleSignals: boolean,
): Pick<Telemetry, 'flush' | 'shutdown'> {
  let stopped: Promise<void> | undefined
  let signalledAt: number | undefined
  const shutdown = (): Promise<void> => {
    if (signalledAt === undefined) unlisten(onSignal)
    process.off('beforeExit', onBeforeExit)
    return (stopped ??= pipeline.shutdown())
  }
  /** @returns whether it was in time */
  const shutdownInTime = async (): Promise<boolean> => {
    const deadline = new Promise<false>((resolve) => setTimeout(resolve, DEADLINE_MILLIS, false).unref())
    const isInTime = await Promise.race([shutdown().then(() => true), deadline])
    if (!isInTime) await pipeline.abandon()
    return isInTime
  }
  const onBeforeExit = async (): Promise<void> => {
    // Requests that are still open would keep the process, which has nothing else to do.
    if (!(await shutdownInTime())) process.exit()
  }
  const onSignal: Listener = (signal) => {
    if (signalledAt !== undefined) {
      if (performance.now() - signalledAt > REPEATS_MILLIS) endBy(signal, onSignal)
      return
    }
    // An application with a handler of its own decides when it ends, and may have requests to finish.
    if (process.listeners(signal).some((listener) => !ours.has(listener))) {
      void pipeline.flush()
      standAside(signal, onSignal, () => stopped === undefined)
      return
    }
    signalledAt = performance.now()
    void shutdownInTime().then(() => endBy(signal, onSignal))
  }
  process.on('beforeExit', onBeforeExit)
  process.on('exit', () => pipeline.end())
  if (handleSignals) {
    ours.add(onSignal)
    for (const signal of SIGNALS) listen(signal, onSignal)
  }
  return { flush: pipeline.flush, shutdown }
}

/** First, because a `once` handler of the application is no longer listed after it has been called. */
function listen(signal: NodeJS.Signals, listener: Listener): void {
  process.prependListener(signal, listener)
}

function unlisten(listener: Listener): void {
  for (const signal of SIGNALS) process.off(signal, listener)
  ours.delete(listener)
}

/** Handlers such as those of `signal-exit` end the process only where they find no others. */
function standAside(signal: NodeJS.Signals, listener: Listener, isWanted: () => boolean): void {
  process.off(signal, listener)
  setImmediate(() => {
    if (isWanted()) listen(signal, listener)
  }).unref()
}

/** As the signal would have without us; the first process of a container gets none that it does not listen to. */
function endBy(signal: NodeJS.Signals, listener: Listener): void {
  unlisten(listener)
  // Another one of ours has not sent all yet.
  if (process.listenerCount(signal) > 0) return
  process.kill(process.pid, signal)
  process.exit(128 + constants.signals[signal])
}
