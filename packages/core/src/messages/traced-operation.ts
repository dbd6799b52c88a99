/** What every message of an execution channel has. */
export interface TracedOperation {
  /** Whether the operation failed. */
  readonly failed: boolean
  /** What the operation threw, the caller's own object: not always an `Error`, and possibly `undefined`. */
  readonly error: unknown
}
