import { clock } from '@querylens/core/internal'
import { resourceDetection } from '../../sdk-internals.js'

/** How long the detection of a resource may take. */
const DEADLINE_MILLIS = 5_000

/**
 * Settles when the SDK has detected the resource of a provider. Until then, a batch that has left the queue waits for the
 * resource, and neither a flush nor a shutdown of the SDK waits for such a batch. Never rejects.
 */
export async function resourceDetected(provider: unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<void>((giveUp) => (timer = clock.setTimeout(giveUp, DEADLINE_MILLIS)))
  try {
    await Promise.race([resourceDetection(provider), deadline])
  } catch {
    // The SDK drops the batch then.
  }
  clock.clearTimeout(timer)
  // The processor exports the batch some promises later.
  await new Promise<void>((resolve) => clock.setImmediate(resolve))
}
