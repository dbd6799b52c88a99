import type { TracedOperation } from '../messages/traced-operation.js'
import { activated, type Activatable } from '../messages/activate.js'
import type { ExecutionChannel } from '../messages/channels.js'
import { reportFault } from '../messages/faults.js'
import { hasBoundStores } from '../messages/guarded-channel.js'

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
