import type { CapturedQuery } from '../recording/captured-query.js'

/** The queries of a capture as lines, the most frequent statement first: `20x  select * from "authors" …   src/books.ts:19`. */
export function describeQueries(queries: readonly CapturedQuery[]): string {
  const groups = [...Map.groupBy(queries, ({ fingerprint }) => fingerprint).values()]
  return groups
    .toSorted((one, other) => other.length - one.length)
    .map((group) => `  ${group.length}x  ${group[0]?.text}`)
    .join('\n')
}
