import { setTimeout as delay } from 'node:timers/promises'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import * as before from '../../src/index.js'
import * as recorderBefore from '../../src/recorder.js'

vi.resetModules()
vi.useFakeTimers({ now: Date.parse('2001-01-01') })
// Where modules are CommonJS, an import reads the property that fake timers have replaced.
const { setTimeout, clearTimeout, setImmediate } = globalThis
vi.doMock('node:timers', () => ({ setTimeout, clearTimeout, setImmediate }))
const after = await import('../../src/index.js')
const recorderAfter = await import('../../src/recorder.js')
vi.useRealTimers()
vi.doUnmock('node:timers')

const database = {
  system: 'postgresql',
  namespace: undefined,
  serverAddress: undefined,
  serverPort: undefined,
  poolName: 'test',
}

it('the fake timers of this test stop the clocks of the application', async () => {
  vi.useFakeTimers({ now: Date.parse('2001-01-01') })
  const { setTimeout: global } = globalThis
  const readings = () => [performance.now(), Date.now(), vi.getTimerCount()]
  const first = readings()
  await delay(5)
  expect(readings()).toEqual(first)
  expect('clock' in global).toBe(true)
  vi.useRealTimers()
})

describe.each<[string, typeof before, typeof recorderBefore]>([
  ['before', before, recorderBefore],
  ['while', after, recorderAfter],
])(
  'Querylens, loaded %s time is faked,',
  (_, { channels, currentScope, diagnostics, runInScope }, recorder) => {
    const { createSession, recordAcquisition, recordBegin, recordCommand, recordQuery, useDetectOptions } =
      recorder
    const findings: before.Finding[] = []
    const summaries: before.ScopeSummary[] = []
    const onFinding = (finding: before.Finding) => void findings.push(finding)
    const onSummary = (summary: before.ScopeSummary) => void summaries.push(summary)
    const sessionWith = (detect?: before.DetectOptions) =>
      createSession({ database, detect: useDetectOptions('test()', detect) })
    const query = (session: recorderBefore.Session, sql: string, parameters: readonly unknown[] = []) =>
      recordQuery(session, { sql, parameters }, async () => (await delay(2), { rows: [] }), undefined)

    beforeEach(() => {
      findings.length = summaries.length = 0
      channels.finding.subscribe(onFinding)
      channels.scope.subscribe(onSummary)
      vi.useFakeTimers({ now: Date.parse('2001-01-01') })
    })
    afterEach(() => {
      vi.useRealTimers()
      channels.finding.unsubscribe(onFinding)
      channels.scope.unsubscribe(onSummary)
    })

    it('measures queries and scopes, and dates them with the real time', async () => {
      const scope = await runInScope('job', async () => {
        await query(sessionWith(), 'select 1')
        return currentScope()
      })
      expect(scope?.queryDurationMillis).toBeGreaterThan(0)
      expect(scope?.startTimeMillis).toBeGreaterThan(Date.parse('2026-01-01'))
      expect(summaries[0]?.durationMillis).toBeGreaterThan(0)
    })

    it('measures transactions and waits for connections', async () => {
      const session = sessionWith({ longTransaction: { durationMillis: 1 }, poolWait: { durationMillis: 1 } })
      await runInScope('job', async () => {
        const connection = { session }
        await recordAcquisition(
          session,
          async () => (await delay(5), connection),
          () => session,
          undefined,
        )
        await recordBegin(session, {}, async () => {})
        await query(session, 'select 1 from t')
        await delay(5)
        await recordCommand(session, 'commit', async () => {})
      })
      expect(findings.map(({ kind }) => kind).toSorted()).toEqual(['long_transaction', 'pool_wait'])
    })

    it('sees the pauses of a poll', async () => {
      const session = sessionWith()
      await runInScope('job', async () => {
        for (let count = 0; count < 12; count++) {
          await query(session, 'select state from jobs where id = $1', [1])
          await delay(15)
        }
      })
      expect(findings).toEqual([])
    })

    it('ends the scope of later work', async () => {
      const session = sessionWith()
      const later = runInScope('job', () => ({ work: delay(5).then(() => query(session, 'select 1')) }))
      await later.work
      await delay(2_200)
      expect(summaries.map(({ scope }) => scope.name)).toEqual(['job', 'job (later)'])
    })

    it('lets an allowance expire by the real date', async () => {
      const allowance = { reason: `until ${_}`, scope: 'job', until: '2020-12-31' }
      useDetectOptions('test()', { allow: [allowance] })
      expect(diagnostics().unusedAllowances).toContainEqual({ allowance, expired: true })
    })
  },
)
