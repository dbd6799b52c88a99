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
export type MatcherDefinition = CapturingMatcher | RunningMatcher

/** What all definitions have. */
interface CommonDefinition extends Receives {
  /** How many values it takes; on a function, the options of the capture follow them. */
  readonly values: number
  /** Why it cannot be negated, and the code to write instead. Without one, `.not` has a meaning. */
  readonly insteadOfNot?: (values: readonly unknown[]) => string
}

/** A matcher for captured queries, and for a function whose queries are captured. */
export interface CapturingMatcher extends CommonDefinition {
  /**
   * @param owner the matcher, as errors name it
   * @param state the test that runs, as its runner knows it
   * @throws QuerylensError for values that it does not take
   */
  check(queries: CapturedQueries, values: readonly unknown[], owner: string, state: RunnerState): Verdict
}

/** A matcher that runs its function itself. */
export interface RunningMatcher extends CommonDefinition {
  readonly takes: 'a function'
  /** @param caller has the stack of the call, and the matcher as errors name it */
  run(
    work: (...values: readonly unknown[]) => unknown,
    values: readonly unknown[],
    caller: { readonly site: Error; readonly owner: string },
  ): Promise<Verdict>
}
