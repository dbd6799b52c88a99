import { activated, type Activatable } from '../messages/activate.js'
import type { ExecutionChannel } from '../messages/channels.js'
import { reportFault } from '../messages/faults.js'
import { hasBoundStores } from '../messages/guarded-channel.js'
import type { TracedOperation } from '../messages/traced-operation.js'

/**
 * Publishes `start` and `end` around the call of an operation.
 *
 * Unlike Node's `tracePromise` it never makes the result part of the message.
 *
 * @throws what the operation throws, and nothing else
 */
export function startOperation<Message extends TracedOperation, Result>(
  channel: ExecutionChannel<Message>,
  message: Message & Activatable,
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

/**
 * Publishes the events after an operation. Never throws.
 *
 * @param complete fills in the message before
 */
export function finishOperation<Message extends TracedOperation>(
  channel: ExecutionChannel<Message>,
  message: Message,
  complete: () => void,
): void {
  try {
    complete()
  } catch (fault) {
    reportFault('reading a result', fault)
  }
  if (message.failed) channel.error.publish(message)
  channel.asyncStart.publish(message)
  channel.asyncEnd.publish(message)
}
