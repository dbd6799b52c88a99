import type { Activatable } from './activate.js'

/** What every message of an {@link ExecutionChannel} has. */
export interface TracedOperation extends Activatable {
  /** Whether the operation failed. */
  failed: boolean
  /** What it failed with, the caller's own object; not always an `Error`, and possibly `undefined`. */
  error: unknown
}
