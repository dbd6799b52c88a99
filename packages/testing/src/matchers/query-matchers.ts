import type { QueryCount } from '../assertions/expected-count.js'
import type { AcceptedFindings, NoFindingsOptions } from '../assertions/no-findings.js'
import type { BudgetOptions } from '../budgets/check-budget.js'
import type { CaptureOptions } from '../capture/capture-options.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import type { ScalingOptions } from '../scaling/scaling-options.js'

/**
 * The matchers that `@querylens/testing/vitest` and `@querylens/testing/jest` add to `expect`.
 *
 * Those that begin with `toExecute` take a function, capture its queries, and return a promise to await. The others take what
 * `captureQueries` resolves to. `toHaveNoFindings`, `toHaveNoNPlusOne` and `toHaveNoDuplicateQueries` take either.
 *
 * @typeParam R what a matcher returns: `Promise<void>` after `.resolves`, otherwise `void`. Vitest 3 and 4 do not tell: both
 * @typeParam T the value that `expect` got
 */
export interface QueryMatchers<R, T> {
  /** The capture has so many queries. Zero is a failure unless it is asked for. */
  toHaveQueryCount: OnCapture<R, T, (expected: QueryCount) => Returned<R>>
  /** Querylens found nothing in the capture. */
  toHaveNoFindings: OnEither<R, T, [options?: NoFindingsOptions]>
  /**
   * No query of the capture runs once for each row of another one, and no line of a loop repeats one with the same
   * parameters, as where all rows of a test have one parent.
   */
  toHaveNoNPlusOne: OnEither<R, T, [options?: AcceptedFindings]>
  /** No query of the capture repeats another one with the same parameters. */
  toHaveNoDuplicateQueries: OnEither<R, T, [options?: AcceptedFindings]>
  /** A query of the capture has this table, or a text that matches. Negated, no query has. */
  toQuery: OnCapture<R, T, (target: string | RegExp) => Returned<R>>
  /**
   * No statement of the capture runs more often than the budget of the test allows, which is in `querylens.budgets.json`.
   * `QUERYLENS_BUDGETS=write` writes it.
   */
  toStayWithinBudget: OnCapture<R, T, (options?: BudgetOptions) => Returned<R>>
  /** The function executes so many queries. Zero is a failure unless it is asked for. */
  toExecuteQueries: OnFunction<T, [expected: QueryCount, options?: CaptureOptions]>
  /** The function executes no more queries than that, and at least one. */
  toExecuteAtMostQueries: OnFunction<T, [max: number, options?: CaptureOptions]>
  /** The function executes no query. */
  toExecuteNoQueries: OnFunction<T, [options?: CaptureOptions]>
  /** No statement of the function runs more often with a larger size, which the function and `populate` get. */
  toScaleConstantly: OnFunction<T, [options?: ScalingOptions]>
  /**
   * The queries of the capture are those of the snapshot of the test, see `querySnapshotOf`. The hint tells several snapshots of
   * one test apart.
   */
  toMatchQuerySnapshot: OnCapture<R, T, (hint?: string) => Returned<R>>
  /** As {@link toMatchQuerySnapshot}. The runner writes the snapshot into the call. */
  toMatchInlineQuerySnapshot: OnCapture<R, T, (snapshot?: string) => Returned<R>>
}

type Returned<R> = void extends R ? void : R

type AnyFunction = (...values: never[]) => unknown

/** `.resolves` passes the value of a promise to the matcher; some runners leave the promise in the type. */
type IsCapture<R, T> = T extends CapturedQueries
  ? true
  : Promise<void> extends R
    ? Awaited<T> extends CapturedQueries
      ? true
      : false
    : false

/**
 * The type of a matcher that does not take the value. Each call of it is an error of the compiler, which prints the hint as the
 * type of `this`. The types of a runner may drop `this` after `.resolves`: then it prints the type of the first value.
 */
type Mistake<Hint extends string> = (this: Hint, hint?: Hint, ...values: never[]) => never

/** `unknown` and `any` are let through: the matcher checks them when it runs. */
type OnCapture<R, T, Matcher> = unknown extends T
  ? Matcher
  : IsCapture<R, T> extends true
    ? Matcher
    : T extends AnyFunction
      ? Mistake<'This matcher takes what captureQueries resolves to. For a function write: await expect(() => …).toExecuteQueries(…)'>
      : T extends PromiseLike<unknown>
        ? Mistake<'Write await before captureQueries: const queries = await captureQueries(() => …)'>
        : Mistake<'This matcher takes what captureQueries resolves to: const queries = await captureQueries(() => …)'>

type OnFunction<T, Values extends unknown[]> = unknown extends T
  ? (...values: Values) => Promise<void>
  : T extends AnyFunction
    ? (...values: Values) => Promise<void>
    : T extends PromiseLike<unknown>
      ? Mistake<'This matcher takes the function that makes the promise: await expect(() => …)'>
      : Mistake<'This matcher takes a function. For what captureQueries resolves to write: expect(queries).toHaveQueryCount(…)'>

type OnEither<R, T, Values extends unknown[]> = unknown extends T
  ? (...values: [...Values, options?: CaptureOptions]) => Returned<R>
  : T extends AnyFunction
    ? (...values: [...Values, options?: CaptureOptions]) => Promise<void>
    : IsCapture<R, T> extends true
      ? (...values: Values) => Returned<R>
      : T extends PromiseLike<unknown>
        ? Mistake<'Write await before captureQueries: const queries = await captureQueries(() => …)'>
        : Mistake<'This matcher takes a function, or what captureQueries resolves to: const queries = await captureQueries(() => …)'>
