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

/** Stops once: when asked, when the event loop is empty, or by a signal. */
export function createShutdown(
  pipeline: Pipeline,
  handleSignals: boolean,
): Pick<Telemetry, 'flush' | 'shutdown'> {
  let stopped: Promise<void> | undefined
  const shutdown = (): Promise<void> => {
    for (const signal of SIGNALS) process.off(signal, onSignal)
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
  const onSignal = (signal: NodeJS.Signals): void => {
    // An application with a handler of its own decides when it ends, and may have requests to finish.
    if (process.listenerCount(signal) > 1) {
      void pipeline.flush()
      return
    }
    void shutdownInTime().then(() => process.kill(process.pid, signal))
  }
  process.on('beforeExit', onBeforeExit)
  process.on('exit', () => pipeline.end())
  // First, because a `once` handler of the application is no longer listed after it has been called.
  if (handleSignals) for (const signal of SIGNALS) process.prependListener(signal, onSignal)
  return { flush: pipeline.flush, shutdown }
}
