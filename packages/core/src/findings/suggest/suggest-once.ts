import type { Finding } from '../../messages/finding.js'

/** How a scope loads each result only once. */
export function suggestOnce({ count, distinctCount, avoidableCount }: Finding): string {
  const each = distinctCount > 1 ? 'each of them once' : 'it once'
  return `load ${each} in this scope and pass it on, or keep it in a loader or cache for the scope: this saves ${avoidableCount} of ${count} calls`
}
