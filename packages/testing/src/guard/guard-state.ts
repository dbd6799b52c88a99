import { openCaptureHere, processState, type Capture } from '@querylens/core/internal'

import type { ResolvedGuardOptions } from './guard-options.js'

/** A test that the guard follows. */
export interface FollowedTest {
  /** Leaves it out. */
  skip(): void
}

/** The test of the guard in whose function the caller runs. */
export function followedTestHere(): FollowedTest | undefined {
  for (let at = openCaptureHere(); at !== undefined; at = at.parent) {
    const test = guardState.tests.get(at)
    if (test !== undefined) return test
  }
  return undefined
}

/** What the copies of this package in one realm share: `resetModules` makes copies. */
export const guardState: {
  /** `undefined` while no guard is on. */
  options: ResolvedGuardOptions | undefined
  /** The test file for which the guard was set up, as far as the runner says. */
  testFile: string | undefined
  /** By the captures of the guard. */
  readonly tests: WeakMap<Capture, FollowedTest>
} = processState('queryGuard', () => ({
  options: undefined as ResolvedGuardOptions | undefined,
  testFile: undefined as string | undefined,
  tests: new WeakMap<Capture, FollowedTest>(),
}))
