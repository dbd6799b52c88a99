import { openCaptureHere, processState, type Capture } from '@querylens/core/internal'

/** An assertion that goes on after its call. */
export interface StartedAssertion {
  /** Whether the test awaits it. */
  readonly isAwaited: boolean
}

/** By the captures in which they were started. */
const started = processState('startedAssertions', () => new WeakMap<Capture, StartedAssertion[]>())

/** Notes an assertion in all captures around its call. */
export function noteAssertion(assertion: StartedAssertion): void {
  for (let at = openCaptureHere(); at !== undefined; at = at.parent) {
    const known = started.get(at)
    if (known === undefined) started.set(at, [assertion])
    else known.push(assertion)
  }
}

/** Whether an assertion that was started in a capture is not awaited. That is the error of its test, rather than a finding. */
export function hasUnawaited(capture: Capture): boolean {
  return (started.get(capture) ?? []).some(({ isAwaited }) => !isAwaited)
}
