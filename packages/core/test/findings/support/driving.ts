import { afterEach, beforeEach } from 'vitest'

import { channels } from '../../../src/messages/channels.js'
import type { Finding } from '../../../src/messages/finding.js'
import type { FindingOptions } from '../../../src/findings/policy/finding-options.js'
import { readFindingOptions } from '../../../src/findings/detectors-by-scope.js'
import type { Fault } from '../../../src/messages/faults.js'
import { recordQuery } from '../../../src/record/query-execution.js'
import { createSession, type Session } from '../../../src/record/session.js'
import { runInScope } from '../../../src/scope/scope.js'
import { databaseOf } from './executions.js'

export function sessionWith(findings?: FindingOptions): Session {
  return createSession({ database: databaseOf(), findings: readFindingOptions('test()', findings) })
}

/** Sends a statement that is answered at once; on a connection, for which an adapter always waits. */
export async function query(
  session: Session,
  sql: string,
  parameters: readonly unknown[] = [],
  rows: readonly unknown[] = [],
): Promise<void> {
  await Promise.resolve()
  await recordQuery(session, { sql, parameters }, async () => ({ rows }), undefined)
}

/** Sends a statement, and lets it run until `finish` is called. */
export function startQuery(session: Session, sql: string): (rows?: readonly unknown[]) => Promise<void> {
  let answer: (result: { readonly rows: readonly unknown[] }) => void = () => {}
  const answered = new Promise<{ readonly rows: readonly unknown[] }>((resolve) => (answer = resolve))
  const sent = recordQuery(session, { sql }, () => answered, undefined)
  return async (rows = []) => {
    answer({ rows })
    await sent
  }
}

/** What was published while a test ran. */
export interface Published {
  readonly opened: Finding[]
  readonly closed: Finding[]
  readonly faults: Fault[]
}

/** Listens during each test of the file. */
export function listen(): Published {
  const published: Published = { opened: [], closed: [], faults: [] }
  const onFinding = (message: unknown): void => {
    const finding = message as Finding
    ;(finding.closed ? published.closed : published.opened).push(finding)
  }
  const onFault = (message: unknown): void => void published.faults.push(message as Fault)
  beforeEach(() => {
    published.opened.length = published.closed.length = published.faults.length = 0
    channels.finding.subscribe(onFinding)
    channels.fault.subscribe(onFault)
  })
  afterEach(() => {
    channels.finding.unsubscribe(onFinding)
    channels.fault.unsubscribe(onFault)
  })
  return published
}

/** Runs in a scope with these options. */
export async function inScope(
  findings: FindingOptions,
  work: (session: Session) => Promise<unknown>,
): Promise<void> {
  const session = sessionWith(findings)
  await runInScope('job', () => work(session))
}
