import type { Finding } from '../../messages/finding.js'
import { describeCallSite } from '../../stack/call-site.js'

const MAX_CALL_SITES = 3

/** A whole finding in one line: what happened, where, and what to do. */
export function messageOf(finding: Finding, headline: string): string {
  return `${headline}${placeOf(finding)}; ${finding.suggestion}`
}

function placeOf({ callSite, callSites }: Finding): string {
  const named =
    callSites.length > 1 ? callSites.slice(0, MAX_CALL_SITES) : callSite === undefined ? [] : [callSite]
  if (named.length === 0) return ''
  const others = callSites.length - named.length
  const more = others > 0 ? ` and ${others} more call site${others === 1 ? '' : 's'}` : ''
  return ` at ${named.map(describeCallSite).join(', ')}${more}`
}

/** `85 ms`, `2.4 s` */
export function formatMillis(millis: number): string {
  return millis < 1_000 ? `${Math.round(millis)} ms` : `${(millis / 1_000).toFixed(1)} s`
}
