import type { Finding } from '../../messages/finding.js'

/** Suggests how a scope loads each result only once. */
export function suggestOnce({ count, distinctCount, avoidableCount }: Finding): string {
  const results = distinctCount > 1 ? 'each result once' : 'the result once'
  return `load ${results} in this scope and pass it on, or keep it in a loader or cache for the scope: this saves ${avoidableCount} of ${count} calls`
}
