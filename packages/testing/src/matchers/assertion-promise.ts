import { withStackOf } from '../report/query-assertion-error.js'

/** An assertion that goes on after the call of its matcher. */
export interface RunningAssertion {
  /** `toExecuteQueries` */
  readonly matcher: string
  /** Has the stack of the call. */
  readonly site: Error
  /** Whether the test awaits it, or has returned it to the runner. */
  isAwaited: boolean
  /** What it has rejected with. */
  failure: { readonly error: unknown } | undefined
}

/**
 * The promise of a matcher. It knows whether a test awaits it, and its rejection never goes unhandled: that would end
 * the process of Jest, and Vitest would report it without a line. A hook after the test reports it instead.
 *
 * Runners derive their own promise from it by `.then(f)` and `.catch(f)`, and a test gets the last one. Each derived promise
 * is of this class, too. `await`, `Promise.all` and a runner that gets a returned promise call `then` with two functions:
 * that is how the class recognizes them.
 */
export class AssertionPromise extends Promise<unknown> {
  #assertion: RunningAssertion | undefined

  /** `super.then` makes ordinary promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  static of(promise: Promise<unknown>, assertion: RunningAssertion): AssertionPromise {
    const result = new AssertionPromise((resolve) => resolve(promise))
    result.#assertion = assertion
    result.#plainThen(undefined, (error: unknown) => void (assertion.failure = { error }))
    return result
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a promise has one
  override then<Value = unknown, Reason = never>(
    onFulfilled?: ((value: unknown) => Value | PromiseLike<Value>) | null,
    onRejected?: ((reason: unknown) => Reason | PromiseLike<Reason>) | null,
  ): Promise<Value | Reason> {
    const assertion = this.#assertion
    if (assertion === undefined) return this.#plainThen(onFulfilled, onRejected)
    if (typeof onFulfilled === 'function' && typeof onRejected === 'function') {
      assertion.isAwaited = true
      return this.#plainThen(onFulfilled, onRejected)
    }
    const derived = this.#plainThen(onFulfilled && atSite(assertion.site, onFulfilled), onRejected)
    return AssertionPromise.of(derived, assertion) as Promise<Value | Reason>
  }

  /** `super.finally` would call `then` with two functions, although nobody awaits the result yet. */
  override finally(onFinally?: (() => void) | null): Promise<unknown> {
    const assertion = this.#assertion
    const derived = this.#plainThen(undefined, undefined).finally(onFinally)
    return assertion === undefined ? derived : AssertionPromise.of(derived, assertion)
  }

  #plainThen<Value = unknown, Reason = never>(
    onFulfilled?: ((value: unknown) => Value | PromiseLike<Value>) | null,
    onRejected?: ((reason: unknown) => Reason | PromiseLike<Reason>) | null,
  ): Promise<Value | Reason> {
    return super.then(onFulfilled, onRejected)
  }
}

/**
 * Makes the promise of a matcher.
 *
 * @param watch gets the assertion, and passes it to `reportUnawaited` after the test
 */
export function trackAssertion(
  { matcher, site }: Pick<RunningAssertion, 'matcher' | 'site'>,
  promise: Promise<unknown>,
  watch: (assertion: RunningAssertion) => void,
): AssertionPromise {
  const assertion: RunningAssertion = { matcher, site, isAwaited: false, failure: undefined }
  watch(assertion)
  return AssertionPromise.of(promise, assertion)
}

/** Vitest makes the error of a failed matcher in its callback, far from the line of the test. */
function atSite<Value, Result>(site: Error, onFulfilled: (value: Value) => Result): (value: Value) => Result {
  return (value) => {
    try {
      return onFulfilled(value)
    } catch (error) {
      throw withStackOf(site, error)
    }
  }
}
