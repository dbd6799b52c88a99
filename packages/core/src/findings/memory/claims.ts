import type { QueryShape } from '../../sql/shape/query-shape.js'

const CLAIM = /\bskip\s+locked\b|\breadpast\b/i

/** Searched once for each text. */
const claims = new WeakMap<QueryShape, boolean>()

/** Whether a statement claims rows of a queue: it passes over rows that others have locked. */
export function isClaim(shape: QueryShape): boolean {
  let found = claims.get(shape)
  if (found === undefined) claims.set(shape, (found = CLAIM.test(shape.text)))
  return found
}
