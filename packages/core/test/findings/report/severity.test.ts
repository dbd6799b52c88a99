import { describe, expect, it } from 'vitest'

import { severityByCount, severityByLimit } from '../../../src/findings/report/severity.js'
import type { Finding, FindingSeverity } from '../../../src/messages/finding.js'

describe('severityByCount', () => {
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
  ])('rates %d executions in %d ms with a share of %s as %s', (count, durationMillis, share, expected) => {
    expect(severityByCount({ count, durationMillis, share } as Finding)).toBe(expected)
  })
})

describe('severityByLimit', () => {
  it.each<[timesLimit: number, FindingSeverity]>([
    [1, 'low'],
    [1.99, 'low'],
    [2, 'medium'],
    [4.99, 'medium'],
    [5, 'high'],
  ])('rates a figure of %d times its limit as %s, for any count', (timesLimit, expected) => {
    expect(severityByLimit({ count: 500, durationMillis: 1_000 } as Finding, timesLimit)).toBe(expected)
  })
})
