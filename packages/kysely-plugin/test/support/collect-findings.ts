import { channels, type Finding } from '@querylens/core'
import { afterEach, beforeEach } from 'vitest'

/** The findings of a test. */
export interface Findings {
  readonly opened: Finding[]
  readonly closed: Finding[]
}

/** Collects the findings of each test of the file. */
export function collectFindings(): Findings {
  const findings: Findings = { opened: [], closed: [] }
  const onOpened = (finding: Finding): void => void findings.opened.push(finding)
  const onClosed = (finding: Finding): void => void findings.closed.push(finding)
  beforeEach(() => {
    findings.opened.length = findings.closed.length = 0
    channels.findingOpened.subscribe(onOpened)
    channels.finding.subscribe(onClosed)
  })
  afterEach(() => {
    channels.findingOpened.unsubscribe(onOpened)
    channels.finding.unsubscribe(onClosed)
  })
  return findings
}
