/** The fields of every message of an execution channel. */
export interface TracedOperation {
  /** Whether the operation failed. */
  readonly failed: boolean
  /** The value that the operation threw, unchanged: not always an `Error`, and possibly `undefined`. */
  readonly error: unknown
}
