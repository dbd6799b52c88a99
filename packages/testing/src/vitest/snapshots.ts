import { QuerylensError } from '@querylens/core'
import * as vitest from 'vitest'

import { trackAssertion, type RunningAssertion } from '../matchers/assertion-promise.js'
import type { Matcher, MatcherContext, MatcherResult } from '../matchers/matcher.js'
import { createSnapshotMatcher, readCapture } from '../matchers/snapshot-matchers.js'
import { testSiteOf } from '../matchers/test-site.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import { withNewQueries } from '../snapshot/compared-snapshot.js'
import { problemOfSnapshot, querySnapshotOf } from '../snapshot/query-snapshot.js'
import { watchAssertion } from './watch-assertion.js'

/** The matchers for snapshots, which call those of Vitest. */
export const snapshotMatchers: Readonly<Record<string, Matcher>> = {
  toMatchQuerySnapshot: createSnapshotMatcher('toMatchQuerySnapshot', (context, ...values) =>
    resultOf(runnerSnapshots('toMatchQuerySnapshot').toMatchSnapshot.call(stateOf(context), ...values)),
  ),
  toMatchInlineQuerySnapshot: createSnapshotMatcher('toMatchInlineQuerySnapshot', (context, ...values) =>
    resultOf(
      runnerSnapshots('toMatchInlineQuerySnapshot').toMatchInlineSnapshot.call(stateOf(context), ...values),
    ),
  ),
  toMatchFileQuerySnapshot: function matcher(this: MatcherContext, received, ...values) {
    const name = 'toMatchFileQuerySnapshot'
    const site = testSiteOf(matcher)
    const queries = readCapture(name, this, received, values, site)
    const result = compareWithFile(this, queries, values[0] as string)
    const watch = (assertion: RunningAssertion): void => watchAssertion(assertion, this)
    return trackAssertion({ matcher: name, site }, result, watch) as Promise<MatcherResult>
  },
}

async function compareWithFile(
  context: MatcherContext,
  queries: CapturedQueries,
  path: string,
): Promise<MatcherResult> {
  const problem = problemOfSnapshot(queries)
  if (problem !== undefined) return { pass: false, message: () => problem }
  // The text itself: Vitest writes no other values into a file as they are.
  const text = `${querySnapshotOf(queries)}\n`
  const { toMatchFileSnapshot } = runnerSnapshots('toMatchFileQuerySnapshot')
  return withNewQueries(resultOf(await toMatchFileSnapshot.call(stateOf(context), text, path)), queries)
}

/** Vitest has them from version 5 on. A named import of a missing export would break the whole module. */
function runnerSnapshots(name: string): typeof vitest.Snapshots {
  if ('Snapshots' in vitest) return vitest.Snapshots
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `${name}() needs Vitest 5. With this version write expect(querySnapshotOf(queries)).toMatchSnapshot().`,
  )
}

function stateOf(context: MatcherContext): vitest.MatcherState {
  return context as vitest.MatcherState
}

function resultOf({ pass, message, actual, expected }: MatcherResult): MatcherResult {
  return { pass, message, actual, expected }
}
