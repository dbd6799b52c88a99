import { constants } from 'node:os'

import { clock, processState } from '@querylens/core/internal'

import type { SpanCounts } from './lost-spans/watched-exporter.js'

/** Telemetry that {@link startTelemetry} has started. */
export interface Telemetry {
  /**
   * How many spans the backend has taken and how many are lost, until now; each reading is a new object. Useful in a
   * health endpoint: `lost` grows while the backend is down. With several exporters, each span counts once for each of
   * them, but not for the console.
   */
  readonly spans: SpanCounts
  /** Sends all telemetry that is in the queues, and goes on. Never rejects. */
  flush(): Promise<void>
  /**
   * Sends all telemetry that is in the queues, and stops. Returns the same promise each time. Never rejects: a backend
   * that is down must not fail the application's own shutdown. Querylens reports the spans that are lost then, too.
   */
  shutdown(): Promise<void>
}

/** The telemetry that {@link createShutdown} stops. Its promises must not reject. */
export interface Pipeline {
  flush(): Promise<void>
  shutdown(): Promise<void>
  /** Reports what is lost when the time for `shutdown` is up. */
  abandon(): Promise<void>
  /** Reports what is lost when the process ends at once. */
  end(): void
}

/** How long an ending process waits for a backend that does not answer. */
const DEADLINE_MILLIS = 5_000
/** A deployment sends SIGTERM, Ctrl+C in a terminal SIGINT. */
const SIGNALS = ['SIGTERM', 'SIGINT'] as const
/** A terminal signals the whole process group, and a parent such as `node --watch` signals once more. */
const REPEATS_MILLIS = 500

type Listener = (signal: NodeJS.Signals) => void

/** The listeners of all copies of this package. */
const ours = processState('signalListeners', () => new Set<unknown>())

/** Stops the pipeline once: when `shutdown` is called, when the event loop is empty, or at a signal. */
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
    const deadline = new Promise<false>((resolve) =>
      clock.setTimeout(() => resolve(false), DEADLINE_MILLIS).unref(),
    )
    const isInTime = await Promise.race([shutdown().then(() => true), deadline])
    if (!isInTime) await pipeline.abandon()
    return isInTime
  }
  const onBeforeExit = async (): Promise<void> => {
    // Open requests to the backend would keep the process alive, which has nothing else to do.
    if (!(await shutdownInTime())) process.exit()
  }
  const onSignal: Listener = (signal) => {
    if (signalledAt !== undefined) {
      if (clock.now() - signalledAt > REPEATS_MILLIS) endBy(signal, onSignal)
      return
    }
    // An application with a handler of its own decides when it ends: it may have requests to finish.
    if (process.listeners(signal).some((listener) => !ours.has(listener))) {
      void pipeline.flush()
      standAside(signal, onSignal, () => stopped === undefined)
      return
    }
    signalledAt = clock.now()
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

/** Prepends, because Node removes a `once` handler of the application before it calls it. */
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
  clock
    .setImmediate(() => {
      if (isWanted()) listen(signal, listener)
    })
    .unref()
}

/** Ends the process as the signal would. Process 1 of a container gets no signal without a listener, hence the exit. */
function endBy(signal: NodeJS.Signals, listener: Listener): void {
  unlisten(listener)
  // Another listener of Querylens still sends.
  if (process.listenerCount(signal) > 0) return
  process.kill(process.pid, signal)
  process.exit(128 + constants.signals[signal])
}
