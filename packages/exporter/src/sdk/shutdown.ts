/** Running telemetry. */
export interface Telemetry {
  /** Sends what is in the queues now and goes on. Never rejects. */
  flush(): Promise<void>
  /**
   * Sends what is in the queues and stops; the same promise each time. Never rejects: a backend that is down
   * is reported through OpenTelemetry's `diag`, and must not fail the application's own shutdown.
   */
  shutdown(): Promise<void>
}

/** How long an ending process waits for a backend that does not answer. */
const DEADLINE_MILLIS = 5_000

/**
 * Stops once: when asked, when the event loop is empty, or by SIGTERM.
 *
 * @param pipeline its promises must not reject
 */
export function createShutdown(pipeline: Telemetry, handleSignals: boolean): Telemetry {
  let stopped: Promise<void> | undefined
  const shutdown = (): Promise<void> => {
    process.off('SIGTERM', onSignal)
    process.off('beforeExit', onBeforeExit)
    return (stopped ??= pipeline.shutdown())
  }
  /** @returns whether it was in time */
  const shutdownInTime = async (): Promise<boolean> => {
    const deadline = new Promise<false>((resolve) => setTimeout(resolve, DEADLINE_MILLIS, false).unref())
    return await Promise.race([shutdown().then(() => true), deadline])
  }
  const onBeforeExit = async (): Promise<void> => {
    // Requests that are still open would keep the process, which has nothing else to do.
    if (!(await shutdownInTime())) process.exit()
  }
  const onSignal = (): void => {
    // An application with a handler of its own decides when it ends, and may have requests to finish.
    if (process.listenerCount('SIGTERM') > 1) {
      void pipeline.flush()
      return
    }
    void shutdownInTime().then(() => process.kill(process.pid, 'SIGTERM'))
  }
  process.on('beforeExit', onBeforeExit)
  // First, because a `once` handler of the application is no longer listed after it has been called.
  if (handleSignals) process.prependListener('SIGTERM', onSignal)
  return { flush: pipeline.flush, shutdown }
}
