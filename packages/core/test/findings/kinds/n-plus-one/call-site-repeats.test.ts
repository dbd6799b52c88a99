import { describe, expect, it } from 'vitest'

import { captureStack, type CapturedStack } from '../../../../src/stack/captured-stack.js'
import { ParameterKeys } from '../../../../src/findings/memory/parameter-keys.js'
import { CallSiteRepeats } from '../../../../src/findings/kinds/n-plus-one/call-site-repeats.js'
import { RowMemory } from '../../../../src/findings/memory/returned-rows.js'
import type { ScopeMemory } from '../../../../src/findings/kinds/n-plus-one/repeated-statement.js'
import type { TrackedQuery } from '../../../../src/findings/tracked-query.js'
import { executionOf, traitsOfText } from '../../support/executions.js'

const SQL = 'select * from comments where post_id = $1'

/** How many findings six executions from one place open. */
function findingsOf(stack: CapturedStack | undefined): number {
  let opened = 0
  const ledger = { open: () => void opened++, refuse: () => {} }
  const memory = { ledger, keysLeft: 100 } as unknown as ScopeMemory
  const site = new CallSiteRepeats(stack, memory)
  const judgement = {
    memory: new RowMemory(),
    ledger: memory.ledger,
    threshold: 5,
    traits: traitsOfText(SQL),
  }
  for (let at = 0; at < 6; at++) {
    const step = {
      execution: executionOf(SQL),
      stack,
      at,
      durationMillis: undefined,
      startedAt: 0,
    } as TrackedQuery
    site.add(step, new ParameterKeys([at], at, at))
    site.judge(step, judgement, () => {})
  }
  return opened
}

describe('CallSiteRepeats', () => {
  it('is a loop after so many executions from one place', () => {
    expect(findingsOf(captureStack())).toBe(1)
  })

  it('is none where nobody knows whether it was one place', () => {
    expect(findingsOf(undefined)).toBe(0)
    expect(findingsOf({ holder: { stack: [] }, sites: [], frames: [] })).toBe(0)
  })
})
