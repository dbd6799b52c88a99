import { afterEach, beforeEach } from 'vitest'

import { channels } from '../../../src/messages/channels.js'
import type { Finding } from '../../../src/messages/finding.js'
import { resolveDetectOptions, type DetectOptions } from '../../../src/findings/detect-options.js'
import type { Fault } from '../../../src/messages/faults.js'
import { recordQuery } from '../../../src/record/record-query.js'
import { createSession, type Session } from '../../../src/record/session.js'
import { runInScope } from '../../../src/scope/run-in-scope.js'
import { databaseOf } from './executions.js'

export function sessionWith(detect?: DetectOptions): Session {
  return createSession({ database: databaseOf(), detect: resolveDetectOptions('test()', detect) })
}

/** Sends a statement whose result arrives at once. It waits for one turn before, as an adapter waits for a connection. */
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
export function startQuery(
  session: Session,
  sql: string,
  parameters: readonly unknown[] = [],
): (rows?: readonly unknown[]) => Promise<void> {
  let respond: (result: { readonly rows: readonly unknown[] }) => void = () => {}
  const response = new Promise<{ readonly rows: readonly unknown[] }>((resolve) => (respond = resolve))
  const sent = recordQuery(session, { sql, parameters }, () => response, undefined)
  return async function finish(rows = []) {
    respond({ rows })
    await sent
  }
}

/** The messages that were published during a test. */
export interface Published {
  readonly opened: Finding[]
  readonly closed: Finding[]
  readonly faults: Fault[]
}

/** Collects messages during each test of the file. */
export function listen(): Published {
  const published: Published = { opened: [], closed: [], faults: [] }
  const onOpened = (finding: Finding): void => void published.opened.push(finding)
  const onClosed = (finding: Finding): void => void published.closed.push(finding)
  const onFault = (fault: Fault): void => void published.faults.push(fault)
  beforeEach(() => {
    published.opened.length = published.closed.length = published.faults.length = 0
    channels.findingOpened.subscribe(onOpened)
    channels.finding.subscribe(onClosed)
    channels.fault.subscribe(onFault)
  })
  afterEach(() => {
    channels.findingOpened.unsubscribe(onOpened)
    channels.finding.unsubscribe(onClosed)
    channels.fault.unsubscribe(onFault)
  })
  return published
}

/** Runs in a scope with these options. */
export async function inScope(
  detect: DetectOptions,
  work: (session: Session) => Promise<unknown>,
): Promise<void> {
  const session = sessionWith(detect)
  await runInScope('job', () => work(session))
}
