import { reportFault } from '../../messages/faults.js'
import type { Finding } from '../../messages/finding.js'
import { processState } from '../../process-state.js'

const MAX_WARNED = 1_000
const warned = processState('warnedFindings', () => new Set<string>())

/** Warns of a finding on the console, once for each path to it: a person reads it. Never throws. */
export function warnOnce({ kind, fingerprint, path, scope, message }: Finding): void {
  const key = [kind, fingerprint, ...path.map(({ file, line }) => `${file}:${line}`)].join(' ')
  if (warned.has(key) || warned.size >= MAX_WARNED) return
  warned.add(key)
  try {
    console.warn(`querylens: ${kind} in ${scope.name}: ${message}`)
  } catch (fault) {
    reportFault('warning of a finding', fault)
  }
}
