import type { Verdict } from '../assertions/verdict.js'
import type { RunnerState } from '../budgets/budgeted-test.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import type { Receives } from './received.js'

/** What runners pass to a matcher as `this`. */
export interface MatcherContext extends RunnerState {
  readonly isNot?: boolean
}

/** What a matcher returns to its runner. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
  readonly actual?: unknown
  readonly expected?: unknown
}

/** A matcher as `expect.extend` of Jest and of Vitest takes it. */
export type Matcher<Context extends MatcherContext = MatcherContext> = (
  this: Context,
  received: unknown,
  ...values: unknown[]
) => MatcherResult | Promise<MatcherResult>

/** A matcher of this package, independent of the runner. */
export interface MatcherDefinition extends Receives {
  /** How many values it takes; on a function, the options of the capture follow them. */
  readonly values: number
  /** Why it cannot be negated, and the code to write instead. Without one, `.not` has a meaning. */
  readonly insteadOfNot?: (values: readonly unknown[]) => string
  /**
   * @param owner the matcher, as errors name it
   * @param state the test that runs, as its runner knows it
   * @throws QuerylensError for values that it does not take
   */
  check(queries: CapturedQueries, values: readonly unknown[], owner: string, state: RunnerState): Verdict
}
