import { describe, expect, it } from 'vitest'

import type { Finding } from '../../../src/messages/finding.js'
import { formatMillis, messageOf } from '../../../src/findings/report/finding-message.js'
import { executionOf } from '../support/executions.js'

const callSite = { file: 'src/posts.ts', line: 42, column: 1, function: 'listPosts' }
const source = { execution: executionOf('select * from posts'), column: 'id', callSite: undefined }

function message(figures: Partial<Finding>, size?: string): string {
  const finding = {
    count: 2,
    distinctCount: 1,
    durationMillis: 85.4,
    summary: 'select comments',
    suggestion: 'do it otherwise',
    scope: { name: 'GET /posts' },
    callSites: [],
    ...figures,
  }
  return messageOf(finding as Finding, size)
}

describe('messageOf', () => {
  it.each<[Partial<Finding>, string]>([
    [{ kind: 'n_plus_one', source }, '2x select comments, one for each row of select posts'],
    [{ kind: 'n_plus_one_write' }, '2x select comments, each time with other parameters'],
    [{ kind: 'duplicate_query' }, '2x select comments with the same parameters'],
    [
      { kind: 'duplicate_query', count: 4, distinctCount: 2 },
      '4x select comments with 2 different sets of parameters',
    ],
    [{ kind: 'chatty_scope', count: 120 }, '120 statements in GET /posts, 85 ms in all'],
    [{ kind: 'large_result', count: 1 }, 'select comments returned 9 rows'],
    [{ kind: 'large_result', count: 3 }, '3x select comments, which returned up to 9 rows'],
    [{ kind: 'large_result', count: 1, summary: undefined }, 'a statement returned 9 rows'],
    [{ kind: 'long_transaction', count: 1, durationMillis: 6_240 }, 'A transaction was open for 6.2 s'],
    [{ kind: 'long_transaction', count: 3 }, '3 transactions were, the longest of them, open for 85 ms'],
    [{ kind: 'idle_in_transaction', count: 1 }, 'A transaction was open for 85 ms in which no statement ran'],
    [{ kind: 'pool_wait', count: 1 }, 'GET /posts waited 85 ms for connections of its pool'],
    [
      { kind: 'pool_wait', count: 20 },
      'GET /posts waited 20 times, 85 ms together, for connections of its pool',
    ],
  ])('of %j', (figures, headline) => {
    expect(message(figures, '9 rows')).toBe(`${headline}; do it otherwise`)
    expect(message({ ...figures, callSite }, '9 rows')).toBe(
      `${headline} at listPosts (src/posts.ts:42); do it otherwise`,
    )
  })
})

it('names the places of a duplicate', () => {
  const callSites = [1, 2, 3, 4, 5].map((line) => ({ ...callSite, line }))
  expect(message({ kind: 'duplicate_query', callSite, callSites: callSites.slice(0, 2) })).toContain(
    ' at listPosts (src/posts.ts:1), listPosts (src/posts.ts:2); ',
  )
  expect(message({ kind: 'duplicate_query', callSite, callSites })).toContain(
    ' (src/posts.ts:3) and 2 more places; ',
  )
})

describe('formatMillis', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1_000, '1.0 s'],
    [61_250, '61.3 s'],
  ])('of %d is %s', (millis, expected) => {
    expect(formatMillis(millis)).toBe(expected)
  })
})
