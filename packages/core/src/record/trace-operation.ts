import type { ExecutionChannel } from '../channels.js'
import { reportFault } from '../faults.js'
import { hasBoundStores } from '../guarded-channel.js'

/** Runs `operation` in a context of the subscriber's choice, and returns what it returns. */
export type Activate = <Result>(operation: () => Result) => Result

/** What every message of an {@link ExecutionChannel} has. */
export interface TracedOperation {
  /** Whether the operation failed. */
  failed: boolean
  /** What it failed with, the caller's own object; not always an `Error`, and possibly `undefined`. */
  error: unknown
  /**
   * A `start` subscriber may set it to run the operation in a context of its own, as OpenTelemetry's
   * `context.with` does: spans that the driver itself makes become children this way. Who finds it set
   * wraps it.
   */
  activate: Activate | undefined
}

/** How {@link traceOperation} completes its message before the events after the operation. */
export type Settle<Message, Result> = (message: Message, result: Result | undefined) => void

/**
 * Runs an operation as the five events of a tracing channel.
 *
 * What differs from Node's `tracePromise`: the result never becomes part of the message, and a call that
 * throws at once is a rejected promise like any other. An `async` function rather than `then`, because V8
 * follows only `await` when it collects the application's frames for an error's stack.
 */
export async function traceOperation<Message extends TracedOperation, Result>(
  channel: ExecutionChannel<Message>,
  message: Message,
  operation: () => Promise<Result>,
  settle: Settle<Message, Result>,
): Promise<Result> {
  let result: Result
  try {
    result = await startOperation(channel, message, operation)
  } catch (error) {
    message.failed = true
    message.error = error
    finishOperation(channel, message, settle, undefined)
    throw error
  }
  finishOperation(channel, message, settle, result)
  return result
}

/** Publishes `start` and `end` around the call of an operation; throws only what the operation throws. */
export function startOperation<Message extends TracedOperation, Result>(
  channel: ExecutionChannel<Message>,
  message: Message,
  operation: () => Result,
): Result {
  const { start } = channel
  try {
    if (hasBoundStores(start))
      return start.runStores(message, activated<Result>, undefined, message, operation)
    start.publish(message)
    return activated(message, operation)
  } finally {
    channel.end.publish(message)
  }
}

/** Calls the operation exactly once, in the message's context if that works. */
function activated<Result>(message: TracedOperation, operation: () => Result): Result {
  const { activate } = message
  if (activate === undefined) return operation()
  let outcome: { readonly result: Result } | { readonly thrown: unknown } | undefined
  try {
    activate(() => {
      try {
        outcome ??= { result: operation() }
      } catch (error) {
        outcome ??= { thrown: error }
      }
    })
  } catch (fault) {
    reportFault('context of an execution', fault)
  }
  if (outcome === undefined) return operation()
  if ('thrown' in outcome) throw outcome.thrown
  return outcome.result
}

/** Completes the message and publishes the events after an operation; never throws. */
export function finishOperation<Message extends TracedOperation, Result>(
  channel: ExecutionChannel<Message>,
  message: Message,
  settle: Settle<Message, Result>,
  result: Result | undefined,
): void {
  try {
    settle(message, result)
  } catch (fault) {
    reportFault('reading a result', fault)
  }
  if (message.failed) channel.error.publish(message)
  channel.asyncStart.publish(message)
  channel.asyncEnd.publish(message)
}
