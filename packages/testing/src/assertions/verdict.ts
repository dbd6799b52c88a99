/** The result of an assertion, before a function throws it or a matcher returns it. */
export interface Verdict {
  readonly pass: boolean
  /** Says what was expected and what happened; where the assertion passed, what a negated one reports. */
  readonly message: () => string
  /** What a runner compares in its diff. */
  readonly actual?: unknown
  readonly expected?: unknown
}
