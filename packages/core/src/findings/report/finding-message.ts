import { describeCallSite } from '../../stack/call-site.js'
import type { Finding } from '../../messages/finding.js'

const MAX_PLACES = 3

/** All of a finding in one line for a person. */
export function messageOf(finding: Finding, size: string | undefined): string {
  return `${headline(finding, size)}${place(finding)}; ${finding.suggestion}`
}

function headline(finding: Finding, size = ''): string {
  const { kind, count, summary = 'a statement', source, durationMillis, distinctCount, scope } = finding
  const time = formatMillis(durationMillis)
  switch (kind) {
    case 'n_plus_one':
    case 'n_plus_one_write':
      return source === undefined
        ? `${count}x ${summary}, each time with other parameters`
        : `${count}x ${summary}, one for each row of ${source.execution.shape.summary}`
    case 'duplicate_query':
      return distinctCount > 1
        ? `${count}x ${summary} with ${distinctCount} different sets of parameters`
        : `${count}x ${summary} with the same parameters`
    case 'chatty_scope':
      return `${count} statements in ${scope.name}, ${time} in all`
    case 'large_result':
      return count > 1 ? `${count}x ${summary}, which returned up to ${size}` : `${summary} returned ${size}`
    case 'long_transaction':
      return `${transactions(count)} open for ${time}`
    case 'idle_in_transaction':
      return `${transactions(count)} open for ${time} in which no statement ran`
    case 'pool_wait':
      return `${scope.name} waited ${count > 1 ? `${count} times, ${time} together,` : time} for connections of its pool`
  }
}

function transactions(count: number): string {
  return count > 1 ? `${count} transactions were, the longest of them,` : 'A transaction was'
}

function place({ callSite, callSites }: Finding): string {
  const places =
    callSites.length > 1 ? callSites.slice(0, MAX_PLACES) : callSite === undefined ? [] : [callSite]
  const more = callSites.length > MAX_PLACES ? ` and ${callSites.length - MAX_PLACES} more places` : ''
  return places.length === 0 ? '' : ` at ${places.map(describeCallSite).join(', ')}${more}`
}

/** `85 ms`, `2.4 s` */
export function formatMillis(millis: number): string {
  return millis < 1_000 ? `${Math.round(millis)} ms` : `${(millis / 1_000).toFixed(1)} s`
}
