import { channels, type Finding } from '@querylens/core'
import { afterEach, beforeEach } from 'vitest'

/** What was found while a test ran. */
export interface Findings {
  readonly opened: Finding[]
  readonly closed: Finding[]
}

/** Listens to findings during each test of the file. */
export function collectFindings(): Findings {
  const findings: Findings = { opened: [], closed: [] }
  const listen = (message: unknown): void => {
    const finding = message as Finding
    ;(finding.closed ? findings.closed : findings.opened).push(finding)
  }
  beforeEach(() => {
    findings.opened.length = findings.closed.length = 0
    channels.finding.subscribe(listen)
  })
  afterEach(() => void channels.finding.unsubscribe(listen))
  return findings
}
