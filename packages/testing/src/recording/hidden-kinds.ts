import type { DetectOptions, FindingKind } from '@querylens/core'
import { findingKinds, openCaptureHere, processState, type Capture } from '@querylens/core/internal'

import type { CapturedQuery } from './captured-query.js'

/** A statement that did not run twice has none of these. */
const OF_REPEATED: readonly FindingKind[] = ['n_plus_one', 'n_plus_one_write', 'duplicate_query']

/** What a capture has switched off, until a test of the query guard has taken it. */
interface Hidden {
  kinds: readonly FindingKind[]
}

/** By the captures around. */
const hidden = processState('hiddenKinds', () => new WeakMap<Capture, Hidden[]>())

/**
 * Notes for the captures around an ended one of which kinds they may have missed findings, because its option `detect` has
 * switched them off.
 */
export function noteHidden(
  detect: DetectOptions | boolean | undefined,
  queries: readonly CapturedQuery[],
): void {
  if (detect === undefined || detect === true || queries.length === 0) return
  const isRepeated = new Set(queries.map(({ fingerprint }) => fingerprint)).size < queries.length
  const kinds = findingKinds
    .filter(({ option }) => detect === false || detect[option] === false)
    .map(({ kind }) => kind)
    .filter((kind) => isRepeated || !OF_REPEATED.includes(kind))
  const note: Hidden = { kinds }
  for (let at = openCaptureHere(); at !== undefined; at = at.parent) {
    hidden.set(at, [...(hidden.get(at) ?? []), note])
  }
}

/** The kinds of which a capture may have missed findings. The captures around it do not get them any more. */
export function takeHiddenKinds(capture: Capture): ReadonlySet<FindingKind> {
  const notes = hidden.get(capture) ?? []
  const kinds = new Set(notes.flatMap((note) => note.kinds))
  for (const note of notes) note.kinds = []
  return kinds
}
