import type { Finding, FindingKind } from '@querylens/core'
import { describe, expect, it } from 'vitest'

import { eventAttributes } from '../../src/findings/finding-attributes.js'

const REASON = 'app.mjs is minified, and Node has no source map of it'

const findingOf = (kind: FindingKind, label: string): Finding =>
  ({
    kind,
    label,
    closed: true,
    count: 3,
    summary: 'select comments',
    path: [],
    callSites: [],
    noCallSite: REASON,
    suggestion: 'do it otherwise',
    message: `3x select comments (no line: ${REASON}); do it otherwise`,
  }) as unknown as Finding

describe('eventAttributes', () => {
  it.each<[FindingKind, string]>([
    ['n_plus_one', 'N+1'],
    ['duplicate_query', 'duplicate query'],
  ])('say why a finding of the kind %s has no line, in place of the line', (kind, label) => {
    const attributes = eventAttributes(findingOf(kind, label))
    expect(attributes['querylens.finding.brief']).toBe(
      `${label}: 3x select comments (no line: ${REASON}); do it otherwise`,
    )
    expect(attributes).not.toHaveProperty('querylens.finding.call_site')
  })
})
