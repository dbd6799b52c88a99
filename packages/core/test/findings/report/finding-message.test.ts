import { describe, expect, it } from 'vitest'

import { KINDS, type KindDefinition } from '../../../src/findings/kinds.js'
import { formatMillis, messageOf } from '../../../src/findings/report/finding-message.js'
import type { Finding, FindingKind } from '../../../src/messages/finding.js'
import { executionOf } from '../support/executions.js'

const callSite = { file: 'src/posts.ts', line: 42, column: 1, function: 'listPosts' }
const caller = { file: 'src/app.ts', line: 7, column: 3, function: undefined }
const source = { execution: executionOf('select * from posts'), column: 'id', callSite: undefined }

function findingOf(figures: Partial<Finding>): Finding {
  const finding = {
    count: 2,
    distinctCount: 1,
    durationMillis: 85.4,
    summary: 'select comments',
    suggestion: 'do it otherwise',
    scope: { name: 'GET /posts' },
    path: [],
    callSites: [],
    ...figures,
  }
  return finding as Finding
}

describe('headline', () => {
  const kinds: readonly KindDefinition[] = KINDS

  it.each<[FindingKind, Partial<Finding>, string]>([
    ['n_plus_one', { source }, '2x select comments, one for each row of select posts'],
    ['n_plus_one_write', {}, '2x select comments, with different parameters each time'],
    ['duplicate_query', {}, '2x select comments with the same parameters'],
    [
      'duplicate_query',
      { count: 4, distinctCount: 2 },
      '4x select comments with 2 different sets of parameters',
    ],
    ['chatty_scope', { count: 120 }, '120 statements in GET /posts, 85 ms in total'],
    ['large_result', { count: 1 }, 'select comments returned 9 rows'],
    ['large_result', { count: 3 }, '3x select comments, which returned up to 9 rows'],
    ['long_transaction', { count: 1, durationMillis: 6_240 }, 'A transaction was open for 6.2 s'],
    ['long_transaction', { count: 3 }, '3 transactions were open, the longest for 85 ms'],
    ['idle_in_transaction', { count: 1 }, 'A transaction was idle for 85 ms'],
    ['idle_in_transaction', { count: 2 }, '2 transactions were idle, the longest for 85 ms'],
    ['pool_wait', { count: 1 }, 'GET /posts waited 85 ms for connections of its pool'],
    ['pool_wait', { count: 20 }, 'GET /posts waited 20 times, 85 ms in total, for connections of its pool'],
  ])('describes %s with %j', (kind, figures, headline) => {
    expect(kinds.find((each) => each.kind === kind)?.headline(findingOf(figures), '9 rows')).toBe(headline)
  })
})

describe('messageOf', () => {
  it('says what happened, where and what to do', () => {
    expect(messageOf(findingOf({}), '2x this')).toBe('2x this; do it otherwise')
    expect(messageOf(findingOf({ path: [callSite] }), '2x this')).toBe(
      '2x this at listPosts (src/posts.ts:42); do it otherwise',
    )
    expect(messageOf(findingOf({ path: [callSite, caller] }), '2x this')).toBe(
      '2x this at listPosts (src/posts.ts:42) ← src/app.ts:7; do it otherwise',
    )
  })

  it('says why no line is known', () => {
    expect(messageOf(findingOf({ noCallSite: 'a reason' }), '2x this')).toBe(
      '2x this (no line: a reason); do it otherwise',
    )
  })

  it.each([
    [2, 'listPosts (src/posts.ts:2); '],
    [4, 'listPosts (src/posts.ts:2), listPosts (src/posts.ts:3) and 1 more call site; '],
    [5, 'listPosts (src/posts.ts:2), listPosts (src/posts.ts:3) and 2 more call sites; '],
  ])('names three of %d call sites', (count, expected) => {
    const callSites = Array.from({ length: count }, (_, index) => ({ ...callSite, line: index + 1 }))
    expect(messageOf(findingOf({ path: [callSites[0]!], callSites }), '2x this')).toContain(
      `2x this at listPosts (src/posts.ts:1), ${expected}`,
    )
  })

  it('names a line with two calls once', () => {
    const callSites = [3, 40].map((column) => ({ ...callSite, column }))
    expect(messageOf(findingOf({ path: [callSites[0]!], callSites }), '2x this')).toContain(
      '2x this at listPosts (src/posts.ts:42); ',
    )
  })

  it('names the line of the query before the call sites that lead to it', () => {
    const callSites = [1, 2].map((line) => ({ ...caller, line }))
    expect(messageOf(findingOf({ path: [callSite, caller], callSites }), '2x this')).toContain(
      ' at listPosts (src/posts.ts:42) ← src/app.ts:1, src/app.ts:2; ',
    )
  })
})

describe('formatMillis', () => {
  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1_000, '1.0 s'],
    [61_250, '61.3 s'],
  ])('formats %d as %s', (millis, expected) => {
    expect(formatMillis(millis)).toBe(expected)
  })
})
