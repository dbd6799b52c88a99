import { expect, it } from 'vitest'

import type { Allowance } from '../../../src/findings/policy/allowance.js'
import { candidatesFor } from '../../../src/findings/policy/allowance-index.js'
import type { Finding } from '../../../src/messages/finding.js'

const fingerprintOf = (index: number): string => `q1:${index.toString(16).padStart(16, '0')}`
const findingOf = (fingerprint: string | undefined, scope: string): Finding =>
  ({ fingerprint, scope: { name: scope } }) as Finding
const candidates = (uses: readonly { allowance: Allowance }[], finding: Finding): readonly Allowance[] =>
  candidatesFor(uses, finding).map(({ allowance }) => allowance)

const statement: Allowance = { reason: 'statement', fingerprint: fingerprintOf(1) }
const both: Allowance = { reason: 'both', fingerprint: fingerprintOf(1), scope: 'job' }
const scope: Allowance = { reason: 'scope', scope: 'job' }
const table: Allowance = { reason: 'table', table: 'posts' }
const uses = [statement, both, scope, table].map((allowance) => ({ allowance }))

it.each<[string | undefined, string, readonly Allowance[]]>([
  [fingerprintOf(1), 'job', [table, scope, statement, both]],
  [fingerprintOf(1), 'other job', [table, statement, both]],
  [fingerprintOf(2), 'job', [table, scope]],
  [undefined, 'job', [table, scope]],
  [undefined, fingerprintOf(1), [table]],
])('candidates for the statement %s in the scope %s', (fingerprint, name, expected) => {
  expect(candidates(uses, findingOf(fingerprint, name))).toEqual(expected)
})

it('a large baseline has few candidates for a finding', () => {
  let reads = 0
  const many = Array.from({ length: 1_000 }, (_, index) => ({
    get allowance(): Allowance {
      reads++
      return { reason: 'baseline', fingerprint: fingerprintOf(index) }
    },
  }))
  candidatesFor(many, findingOf(fingerprintOf(7), 'job'))
  reads = 0
  expect(candidates(many, findingOf(fingerprintOf(8), 'job'))).toHaveLength(1)
  expect(reads).toBe(1)
})
