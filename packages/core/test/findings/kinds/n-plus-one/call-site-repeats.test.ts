import { describe, expect, it } from 'vitest'

import { CallSiteRepeats } from '../../../../src/findings/kinds/n-plus-one/call-site-repeats.js'
import { captureStack, type CapturedStack } from '../../../../src/stack/captured-stack.js'
import { contextWith, trackedQuery } from '../../support/detecting.js'
import { listen } from '../../support/driving.js'
import { traitsOfText } from '../../support/executions.js'

const { opened } = listen()
const SQL = 'select * from comments where post_id = $1'

/** The number of findings that six executions from one call site open. */
function findingsAt(stack: CapturedStack | undefined): number {
  const callSite = new CallSiteRepeats(stack, undefined, contextWith())
  for (let at = 0; at < 6; at++) {
    const query = trackedQuery(SQL, [at], at)
    query.stack = stack
    callSite.add(query)
    callSite.check(query, traitsOfText(SQL), 5)
  }
  return opened.length
}

describe('CallSiteRepeats', () => {
  it('opens one finding at the limit of executions from its call site', () => {
    expect(findingsAt(captureStack())).toBe(1)
  })

  it('opens no finding without a frame of the application', () => {
    expect(findingsAt(undefined)).toBe(0)
    expect(findingsAt({ holder: { stack: [] }, sites: [], frames: [] })).toBe(0)
  })
})
