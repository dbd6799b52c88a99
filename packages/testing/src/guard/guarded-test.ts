import { hasMethod, incompatibleCopies, openCapture, type OpenCapture } from '@querylens/core/internal'

import { RecordedQueries } from '../capture/capture-queries.js'
import { CaptureRecorder } from '../recording/capture-recorder.js'
import { takeHiddenKinds } from '../recording/hidden-kinds.js'
import { isJudged, isShown, noteJudged } from '../recording/judged-findings.js'
import { hasUnawaited } from '../recording/started-assertions.js'
import { addToBaseline } from './baseline.js'
import {
  copiesFailure,
  guardFailure,
  hiddenFailure,
  isGuarded,
  type QueryGuardError,
} from './guard-failure.js'
import { resolveGuardOptions, type ResolvedGuardOptions } from './guard-options.js'
import { guardState, type FollowedTest } from './guard-state.js'

/**
 * How long the guard waits for queries and requests that still run when the function of the test has settled. A test may
 * leave a request or a transaction open for a hook that comes after it, so that it must not wait for long.
 */
const SETTLE_MILLIS = 100

/** One run of one test, from the start of its function on. */
export class GuardedTest implements FollowedTest {
  readonly name: string
  readonly #options: ResolvedGuardOptions
  readonly #recorder = new CaptureRecorder({ keepsParameters: false, admit: () => {}, startedLate: () => {} })
  readonly #open: OpenCapture
  #isSkipped = false
  #failure: Promise<QueryGuardError | undefined> | undefined

  constructor(name: string) {
    this.name = name
    this.#options = guardState.options ??= resolveGuardOptions(undefined, guardState.testFile)
    this.#open = openCapture(name, 'guardQueries()', this.#recorder, {
      detect: this.#options.detect,
    })
    this.#recorder.open(this.#open.capture)
    guardState.tests.set(this.#open.capture, this)
  }

  /** Runs the function of the test. A lazy thenable that it returns, such as a request of supertest, starts in here as well. */
  run(work: () => unknown): unknown {
    return this.#open.run(() => {
      const returned = work()
      const isLazy = !(returned instanceof Promise) && hasMethod(returned, 'then')
      return isLazy ? Promise.resolve(returned) : returned
    })
  }

  skip(): void {
    this.#isSkipped = true
  }

  /**
   * Ends it with the function of the test.
   *
   * @param hasFailed whether the test has failed by itself: it does not show the findings again that its error may show
   * @returns the same each time: the error of a test that has findings, which have gone to no baseline and to no other assertion
   */
  end(hasFailed = false): Promise<QueryGuardError | undefined> {
    return (this.#failure ??= this.#end(hasFailed))
  }

  async #end(hasFailed: boolean): Promise<QueryGuardError | undefined> {
    // Most tests of a suite send no query: they need not wait for a turn of the event loop.
    const isUsed =
      this.#recorder.queries.length > 0 ||
      this.#open.capture.operations > 0 ||
      this.#open.openRequests().length > 0
    if (isUsed) await this.#open.settle(SETTLE_MILLIS)
    this.#open.end()
    this.#recorder.close()
    const hidden = takeHiddenKinds(this.#open.capture)
    if (hasFailed) noteJudged(this.#recorder.findings.filter(isShown))
    if (this.#isSkipped || hasUnawaited(this.#open.capture)) {
      // A test that has this one inside follows the same queries.
      noteJudged(this.#recorder.findings)
      return undefined
    }
    const copies = incompatibleCopies()
    if (copies.length > 0) return copiesFailure(copies)
    const { kinds, baseline, writesBaseline } = this.#options
    const findings = this.#recorder.findings.filter(
      (finding) => isGuarded(finding, kinds) && !isJudged(finding),
    )
    if (findings.length === 0) return hiddenFailure(kinds.filter((kind) => hidden.has(kind)))
    // As above.
    noteJudged(findings)
    if (writesBaseline) {
      addToBaseline(baseline, findings)
      return undefined
    }
    return guardFailure(new RecordedQueries(this.#recorder, this.name, undefined), findings, baseline)
  }
}
