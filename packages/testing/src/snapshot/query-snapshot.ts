import { describeUnawaited } from '../assertions/awaited.js'
import { checkCaptured } from '../assertions/captured-argument.js'
import type { CapturedQueries } from '../recording/captured-queries.js'
import type { CapturedQuery } from '../recording/captured-query.js'
import { describeNoQueries, EXPECT_ZERO } from '../report/no-queries.js'
import { QueryAssertionError, siteOf } from '../report/query-assertion-error.js'

/**
 * The queries of a capture as text, one line for each statement: `2x select books where author_id = ?`.
 *
 * The lines have the order of their statements, not that of time, so that concurrent queries do not change it. Values, the
 * lengths of lists, selected columns and aliases are left out, and statements that differ in nothing else share a line.
 * Statements that begin and end transactions are left out.
 *
 * @throws QueryAssertionError for a capture without queries, whose snapshot would pass for ever, and for one with queries
 *   that the code under test did not await
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT` for anything else than captured queries
 *
 * @example
 * t.assert.snapshot(querySnapshotOf(queries))
 */
export function querySnapshotOf(queries: CapturedQueries): string {
  checkCaptured('querySnapshotOf()', queries)
  const problem = problemOfSnapshot(queries)
  if (problem !== undefined) throw new QueryAssertionError(problem, siteOf(querySnapshotOf))
  return snapshotLines(queries)
    .map(({ text }) => text)
    .join('\n')
}

/** Why a capture makes no snapshot: it has no query, or not all. */
export function problemOfSnapshot(queries: CapturedQueries): string | undefined {
  if (queries.count === 0) return describeNoQueries('Expected queries for the snapshot', queries, EXPECT_ZERO)
  if (queries.late.length === 0) return undefined
  return describeUnawaited('which queries belong to the snapshot', queries)
}

/** A line of a snapshot with its queries. */
export interface SnapshotLine {
  readonly text: string
  readonly queries: readonly CapturedQuery[]
}

/** The lines of the snapshot of a capture, in their order. */
export function snapshotLines({ queries }: CapturedQueries): readonly SnapshotLine[] {
  return [...Map.groupBy(queries, ({ wording }) => wording)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([wording, group]) => ({ text: `${group.length}x ${wording}`, queries: group }))
}
