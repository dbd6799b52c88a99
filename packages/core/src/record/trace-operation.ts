import type { ExecutionChannel } from '../channels.js'
import { reportFault } from '../faults.js'

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

/** How {@link traceOperation} completes its message before `asyncStart` is published. */
export type Settle<Message, Result> = (message: Message, result: Result | undefined) => void

/**
 * Runs an operation as the five events of a tracing channel, around the operation's own promise.
 *
 * What differs from Node's `tracePromise`: the result never becomes part of the message, a call that
 * throws at once is a rejected promise like any other, and `settle` runs before the first event after it.
 */
export function traceOperation<Message extends TracedOperation, Result>(
  channel: ExecutionChannel<Message>,
  message: Message,
  operation: () => Promise<Result>,
  settle: Settle<Message, Result>,
): Promise<Result> {
  return startOperation(channel, message, operation).then(
    (result) => {
      finishOperation(channel, message, settle, result, false)
      return result
    },
    (error: unknown) => {
      message.error = error
      finishOperation(channel, message, settle, undefined, true)
      throw error
    },
  )
}

/** Publishes `start` and `end` around the call of an operation; never throws. */
export function startOperation<Message extends TracedOperation, Result>(
  channel: ExecutionChannel<Message>,
  message: Message,
  operation: () => Promise<Result>,
): Promise<Result> {
  return channel.start.runStores(message, callOperation<Message, Result>, undefined, channel, message, operation)
}

function callOperation<Message extends TracedOperation, Result>(
  channel: ExecutionChannel<Message>,
  message: Message,
  operation: () => Promise<Result>,
): Promise<Result> {
  const promise = activated(message, operation)
  channel.end.publish(message)
  return promise
}

/** Calls the operation exactly once, in the message's context if that works. */
function activated<Result>(message: TracedOperation, operation: () => Promise<Result>): Promise<Result> {
  const { activate } = message
  if (activate === undefined) return promised(operation)
  let promise: Promise<Result> | undefined
  try {
    activate(() => (promise ??= promised(operation)))
  } catch (error) {
    reportFault('context of an execution', error)
  }
  return promise ?? promised(operation)
}

function promised<Result>(operation: () => Promise<Result>): Promise<Result> {
  try {
    const result = operation()
    return result instanceof Promise ? result : Promise.resolve(result)
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Completes the message and publishes the events after an operation; never throws. */
export function finishOperation<Message extends TracedOperation, Result>(
  channel: ExecutionChannel<Message>,
  message: Message,
  settle: Settle<Message, Result>,
  result: Result | undefined,
  failed: boolean,
): void {
  message.failed = failed
  try {
    settle(message, result)
  } catch (fault) {
    reportFault('reading a result', fault)
  }
  if (failed) channel.error.publish(message)
  channel.asyncStart.publish(message)
  channel.asyncEnd.publish(message)
}
