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
const SIGTERM_DEADLINE_MILLIS = 5_000

/**
 * Stops once: when asked, when the event loop is empty, or by SIGTERM.
 *
 * @param pipeline its promises must not reject
 */
export function createShutdown(pipeline: Telemetry, handleSignals: boolean): Telemetry {
  let stopped: Promise<void> | undefined
  const shutdown = (): Promise<void> => {
    process.off('SIGTERM', onSignal)
    process.off('beforeExit', shutdown)
    return (stopped ??= pipeline.shutdown())
  }
  const onSignal = (): void => {
    // An application with a handler of its own decides when it ends, and may have requests to finish.
    if (process.listenerCount('SIGTERM') > 1) {
      void pipeline.flush()
      return
    }
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, SIGTERM_DEADLINE_MILLIS).unref())
    void Promise.race([shutdown(), deadline]).then(() => process.kill(process.pid, 'SIGTERM'))
  }
  process.on('beforeExit', shutdown)
  // First, because a `once` handler of the application is no longer listed after it has been called.
  if (handleSignals) process.prependListener('SIGTERM', onSignal)
  return { flush: pipeline.flush, shutdown }
}
