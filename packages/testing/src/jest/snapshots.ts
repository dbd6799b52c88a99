import { QuerylensError } from '@querylens/core'

import type { Matcher, MatcherContext } from '../matchers/matcher.js'
import { createSnapshotMatcher, type RunnerMatcher } from '../matchers/snapshot-matchers.js'
import { expectOfJest } from './expect-of-jest.js'

/** The matchers for snapshots, which call those of Jest. */
export const snapshotMatchers: Readonly<Record<string, Matcher>> = {
  toMatchQuerySnapshot: createSnapshotMatcher('toMatchQuerySnapshot', runnerMatcher('toMatchSnapshot')),
  toMatchInlineQuerySnapshot: createSnapshotMatcher(
    'toMatchInlineQuerySnapshot',
    runnerMatcher('toMatchInlineSnapshot'),
  ),
}

/**
 * The matcher of the Jest that runs. A package cannot import `jest-snapshot`: the application has it as a dependency of a
 * dependency, and another copy would serialize by other serializers.
 */
function runnerMatcher(name: string): RunnerMatcher<MatcherContext> {
  return (context, ...values) => {
    const matcher = expectOfJest()?.matchers?.[name]
    if (matcher !== undefined) return matcher.call(context, ...values)
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `This version of Jest keeps ${name}() elsewhere. Write expect(querySnapshotOf(queries)).${name}().`,
    )
  }
}
