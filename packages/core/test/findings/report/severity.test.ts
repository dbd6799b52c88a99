import { describe, expect, it } from 'vitest'

import type { Finding, FindingKind, FindingSeverity } from '../../../src/messages/finding.js'
import { severityOf } from '../../../src/findings/report/severity.js'

const severity = (figures: Partial<Finding>, timesLimit = 1): FindingSeverity =>
  severityOf({ kind: 'n_plus_one', count: 2, durationMillis: 0, ...figures } as Finding, timesLimit)

describe('severityOf', () => {
  it.each<[count: number, millis: number, share: number | undefined, FindingSeverity]>([
    [2, 0, undefined, 'low'],
    [9, 1_000, 0.19, 'low'],
    [10, 0, 0, 'medium'],
    [49, 1_000, 0.49, 'medium'],
    [49, 19, 0.9, 'medium'],
    [50, 1, 0, 'high'],
    [2, 20, 0.2, 'medium'],
    [2, 19, 0.9, 'low'],
    [5, 20, 0.5, 'high'],
    [5, 19, 0.5, 'low'],
    [4, 20, 0.5, 'medium'],
    [5, 20, 0.49, 'medium'],
  ])('of %d executions in %d ms, a share of %s, is %s', (count, durationMillis, share, expected) => {
    for (const kind of ['n_plus_one', 'n_plus_one_write', 'duplicate_query'] as const) {
      expect(severity({ kind, count, durationMillis, share }, 100)).toBe(expected)
    }
  })

  it.each<[timesLimit: number, FindingSeverity]>([
    [1, 'low'],
    [1.99, 'low'],
    [2, 'medium'],
    [4.99, 'medium'],
    [5, 'high'],
  ])('of what is %d times its limit is %s', (timesLimit, expected) => {
    const kinds: readonly FindingKind[] = [
      'chatty_scope',
      'large_result',
      'long_transaction',
      'idle_in_transaction',
      'pool_wait',
    ]
    for (const kind of kinds)
      expect(severity({ kind, count: 500, durationMillis: 1_000 }, timesLimit)).toBe(expected)
  })
})
