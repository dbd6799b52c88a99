import { describe, expect, it } from 'vitest'

import type { Finding } from '../../../src/messages/finding.js'
import {
  FindingLedger,
  refreshFinding,
  type FindingDraft,
} from '../../../src/findings/report/finding-ledger.js'
import { resolveDetectOptions, type DetectOptions } from '../../../src/findings/detect-options.js'
import { KINDS } from '../../../src/findings/kinds.js'
import type { Mutable } from '../../../src/mutable.js'
import { faultCount } from '../../../src/messages/faults.js'
import { openScope } from '../../../src/scope/scope.js'
import { listen } from '../support/driving.js'
import { executionOf } from '../support/executions.js'

const { opened, closed, faults } = listen()

const draftOf = (draft: Partial<FindingDraft> = {}): FindingDraft => ({
  kind: 'n_plus_one',
  evidence: 'repeated',
  database: undefined,
  execution: executionOf('select * from posts'),
  frames: [],
  refresh: () => ({}),
  ...draft,
})
const ledgerWith = (options: DetectOptions = {}): FindingLedger =>
  new FindingLedger(openScope('custom', 'job').scope, resolveDetectOptions('test()', options)!, KINDS)

function refusalOf(ledger: FindingLedger, finding: Finding | undefined): unknown {
  const send = (): unknown => {
    try {
      return void ledger.refuse(finding, send)
    } catch (error) {
      return error
    }
  }
  return send()
}

describe('FindingLedger', () => {
  it('publishes a finding when it opens, and again with its final figures', () => {
    let count = 5
    const ledger = ledgerWith()
    const refresh = (finding: Mutable<Finding>) => {
      finding.count = count
      finding.durationMillis = 40
      finding.overlappingMillis = 20
      return {}
    }
    const finding = ledger.open(draftOf({ refresh }))
    expect(opened).toEqual([finding])
    expect(finding).toMatchObject({ closed: false, count: 5, severity: 'low', share: undefined })
    expect(finding).toMatchObject({
      kind: 'n_plus_one',
      evidence: 'repeated',
      summary: 'select posts',
      callSite: undefined,
    })
    count = 60
    ledger.close(40)
    expect(closed).toEqual([finding])
    expect(closed[0]).toBe(finding)
    expect(finding).toMatchObject({ closed: true, count: 60, severity: 'high', share: 0.5 })
    expect(finding?.message).toMatch(/^60x select posts/)
  })

  it.each([
    [0, 0],
    [10, 1],
    [100, 0.2],
  ])('computes the share of a scope of %d ms as %d', (scopeMillis, share) => {
    const ledger = ledgerWith()
    const finding = ledger.open(draftOf({ refresh: (open) => ((open.durationMillis = 20), {}) }))
    ledger.close(scopeMillis)
    expect(finding?.share).toBe(share)
  })

  it('opens nothing after it has closed, and closes once', () => {
    const ledger = ledgerWith()
    ledger.open(draftOf())
    ledger.close(1)
    ledger.close(1)
    expect(ledger.open(draftOf())).toBeUndefined()
    expect([opened.length, closed.length]).toEqual([1, 1])
  })

  it('updates the figures of a finding on request until it closes', () => {
    let count = 5
    const ledger = ledgerWith()
    const finding = ledger.open(draftOf({ refresh: (open) => ((open.count = count), {}) }))!
    count = 6
    refreshFinding(finding)
    expect([finding.count, finding.message.slice(0, 2)]).toEqual([6, '6x'])
    ledger.close(1)
    count = 7
    refreshFinding(finding)
    expect(finding.count).toBe(6)
  })

  it('gives each finding a new id', () => {
    const ledgers = [ledgerWith(), ledgerWith()]
    for (let index = 0; index < 10; index++) ledgers[index % 2]!.open(draftOf())
    expect(new Set(opened.map(({ id }) => id)).size).toBe(10)
  })

  it('opens 1,000 findings and reports one fault when there are more', () => {
    const ledger = ledgerWith()
    const before = faultCount()
    for (let index = 0; index < 1_005; index++) ledger.open(draftOf())
    expect(faultCount()).toBe(before + 1)
    expect(opened).toHaveLength(1_000)
    expect(faults.map(({ origin, error }) => [origin, (error as Error).message])).toEqual([
      [
        'looking for findings',
        'Stopped checking scope "job": more than 1,000 distinct statements or findings.',
      ],
    ])
    expect(faults[0]?.count).toBe(1)
    ledger.close(1)
    expect(closed).toHaveLength(1_000)
  })

  it('closes the other findings after a fault in one', () => {
    const ledger = ledgerWith()
    let fails = false
    ledger.open(
      draftOf({
        refresh: () => {
          if (fails) throw new Error('ours')
          return {}
        },
      }),
    )
    ledger.open(draftOf())
    fails = true
    ledger.close(1)
    expect(closed).toHaveLength(2)
    expect(closed.every((finding) => finding.closed)).toBe(true)
    expect(faults.map(({ origin }) => origin)).toEqual(['closing a finding'])
  })

  it('rejects every call of a finding in the mode throw, with its current figures', () => {
    const ledger = ledgerWith({ mode: 'throw' })
    let count = 0
    const refresh = (open: Mutable<Finding>) => ((open.count = ++count), {})
    const finding = ledger.open(draftOf({ refresh }))
    const refusals = [1, 2].map(() => refusalOf(ledger, finding))
    expect(refusals).toMatchObject([
      { code: 'QUERYLENS_FINDING', message: expect.stringMatching(/^2x/), finding },
      { code: 'QUERYLENS_FINDING', message: expect.stringMatching(/^3x/), finding },
    ])
    // A test runner prints enumerable fields of an error, and a finding is long.
    expect(Object.keys(refusals[0] as Error)).toEqual(['name', 'code'])
    expect((refusals[0] as Error).stack?.split('\n')[1]).toContain('finding-ledger.test.ts')
  })

  it('rejects nothing in other modes, and nothing that an allowance accepts', () => {
    const ledger = ledgerWith({ mode: 'warn' })
    expect(refusalOf(ledger, ledger.open(draftOf()))).toBeUndefined()
    expect(refusalOf(ledgerWith({ mode: 'throw' }), undefined)).toBeUndefined()
  })

  it('publishes no accepted finding and does not count it towards the limit', () => {
    const ledger = ledgerWith({ mode: 'throw', allow: [{ reason: 'a test', table: 'posts' }] })
    for (let index = 0; index < 1_005; index++) expect(ledger.open(draftOf())).toBeUndefined()
    ledger.close(1)
    expect([opened, closed, faults]).toEqual([[], [], []])
  })
})
