import { QuerylensError, type FindingKind } from '@querylens/core'
import { findingKinds } from '@querylens/core/internal'

import type { CapturedQueries, UndetectedKinds } from '../recording/captured-queries.js'
import { describeDatabase } from '../report/database-text.js'

/** The kinds of findings that an assertion is about. */
export interface AskedKinds {
  /** One of them at least has to be detected. */
  readonly asked: readonly FindingKind[]
  /** Each of them has to be detected. */
  readonly required: readonly FindingKind[]
}

/**
 * Refuses a capture that cannot tell whether there are findings, because `detect` of a database, a scope or the capture has
 * switched them off.
 *
 * @param owner the assertion, as the user wrote it
 * @throws QuerylensError `QUERYLENS_INVALID_ARGUMENT`
 */
export function checkDetected(owner: string, { undetected }: CapturedQueries, kinds: AskedKinds): void {
  const unchecked = undetected.filter((each) => isMissing(each, kinds))
  if (unchecked.length === 0) return
  const databases = unchecked.map(({ database }) => describeDatabase(database)).join(', ')
  const off = findingKinds.filter(({ kind }) => unchecked.some((each) => each.kinds.includes(kind)))
  if (off.length === findingKinds.length) {
    throw new QuerylensError(
      'QUERYLENS_INVALID_ARGUMENT',
      `${owner} cannot tell whether the queries are fine: Querylens has not checked those to ${databases}, because of detect: false. Capture with captureQueries(work, { detect: true }), or take detect: false out of querylens(config, …) in tests.`,
    )
  }
  const wanted = off.filter(({ kind }) => kinds.asked.includes(kind))
  const labels = wanted.map(({ label }) => label).join(', ')
  throw new QuerylensError(
    'QUERYLENS_INVALID_ARGUMENT',
    `${owner} cannot tell whether the queries are fine: Querylens has not looked for ${labels} in those to ${databases}, because of detect: ${optionsOf(wanted, false)}. Capture with captureQueries(work, { detect: ${optionsOf(wanted, true)} }), or ask for other kinds with assertNoFindings and its option only.`,
  )
}

function isMissing({ kinds }: UndetectedKinds, { asked, required }: AskedKinds): boolean {
  return required.some((kind) => kinds.includes(kind)) || asked.every((kind) => kinds.includes(kind))
}

/** `{ nPlusOne: false }` */
function optionsOf(kinds: readonly { readonly option: string }[], value: boolean): string {
  return `{ ${kinds.map(({ option }) => `${option}: ${value}`).join(', ')} }`
}
