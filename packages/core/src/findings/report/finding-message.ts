import type { CallSite } from '../../messages/call-site.js'
import type { Finding } from '../../messages/finding.js'
import { describeCallSite } from '../../stack/call-site.js'

const MAX_CALL_SITES = 3

/** A whole finding in one line: what happened, where, and what to do. */
export function messageOf(finding: Finding, headline: string): string {
  return `${headline}${describePlace(finding)}; ${finding.suggestion}`
}

/** What happened, without where and what to do: `20x select books, one for each row of select authors`. */
export function headlineOf(finding: Finding): string {
  const rest = `${describePlace(finding)}; ${finding.suggestion}`
  return finding.message.endsWith(rest) ? finding.message.slice(0, -rest.length) : finding.message
}

/** Where a finding is, to follow what happened: ` at listPosts (src/posts.ts:42)`, or why no line is known. */
export function describePlace(
  finding: Pick<Finding, 'path' | 'callSites' | 'noCallSite'>,
  describe: (site: CallSite) => string = describeCallSite,
): string {
  const lines = describeLines(finding, describe)
  if (lines !== '') return ` at ${lines}`
  return finding.noCallSite === undefined ? '' : ` (no line: ${finding.noCallSite})`
}

/**
 * The lines of a finding, from the query outwards: `findBook (src/books.ts:19) ← listBooks (src/app.ts:39)`. A finding with
 * several call sites has all of them at the end. `''` if no line is known.
 */
export function describeLines(
  { path, callSites }: Pick<Finding, 'path' | 'callSites'>,
  describe: (site: CallSite) => string = describeCallSite,
): string {
  if (callSites.length < 2) return path.map(describe).join(' ← ')
  // Two calls in one line are one place to look at.
  const places = [...new Set(callSites.map(describe))]
  const named = places.slice(0, MAX_CALL_SITES).join(', ')
  const others = places.length - MAX_CALL_SITES
  const more = others > 0 ? ` and ${others} more call site${others === 1 ? '' : 's'}` : ''
  const query = path.slice(0, 1).filter((site) => !callSites.some((other) => isSameLine(site, other)))
  return [...query.map(describe), named + more].join(' ← ')
}

function isSameLine(site: CallSite, other: CallSite): boolean {
  return site.file === other.file && site.line === other.line
}

/** `85 ms`, `2.4 s` */
export function formatMillis(millis: number): string {
  return millis < 1_000 ? `${Math.round(millis)} ms` : `${(millis / 1_000).toFixed(1)} s`
}
