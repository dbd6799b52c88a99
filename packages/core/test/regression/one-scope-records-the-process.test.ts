import { setTimeout as delay } from 'node:timers/promises'

import { afterEach, expect, it } from 'vitest'

import { channels, runInScope } from '../../src/index.js'
import {
  createSession,
  isRecordingConnections,
  isRecordingQueries,
  isRecordingTransactions,
  recordQuery,
} from '../../src/recorder.js'

const recording = (): boolean[] => [isRecordingQueries(), isRecordingTransactions(), isRecordingConnections()]
const all = [true, true, true]
const none = [false, false, false]

afterEach(() => expect(recording()).toEqual(none))

it('an open scope does not make the queries outside it be recorded', async () => {
  const seen: boolean[][] = []
  const job = runInScope('job', async () => {
    seen.push(recording())
    await delay(5)
    await runInScope('inside', async () => seen.push(recording()))
    seen.push(recording())
  })
  expect(recording()).toEqual(none)
  await job
  expect(seen).toEqual([all, all, all])
})

it('a generator that is kept and not read does not make queries be recorded', async () => {
  const seen: boolean[][] = []
  const kept = runInScope('export', function* () {
    yield seen.push(recording())
  })
  await delay(1)
  expect(recording()).toEqual(none)
  kept.next()
  expect(recording()).toEqual(none)
  kept.return()
  expect(seen).toEqual([all])
})

it('a later scope that counts has its queries recorded after the subscriber has gone', async () => {
  const ignore = (): void => {}
  channels.scope.subscribe(ignore)
  const database = {
    system: 'postgresql',
    namespace: undefined,
    serverAddress: undefined,
    serverPort: undefined,
    poolName: 'test',
  }
  const session = createSession({ database, detect: undefined })
  const late = runInScope('job', () => ({
    work: (async () => {
      await delay(1)
      await recordQuery(session, { sql: 'select 1' }, async () => ({ rows: [] }), undefined)
      channels.scope.unsubscribe(ignore)
      return recording()
    })(),
  }))
  expect(await late.work).toEqual(all)
})
