/** The result of an assertion, before a function throws it or a matcher returns it. */
export interface Verdict {
  readonly pass: boolean
  /**
   * Whether the assertion fails negated as well, because nothing was there to check: a capture without a query tells
   * neither that the code queries a table nor that it does not. `pass` is `false` then.
   */
  readonly failsNegated?: boolean
  /** Says what was expected and what happened; where the assertion passed, what a negated one reports. */
  readonly message: () => string
  /** What a runner compares in its diff. */
  readonly actual?: unknown
  readonly expected?: unknown
  /** What a negated assertion expects, where the two differ. */
  readonly expectedIfNegated?: unknown
}
