import { expect, it, vi } from 'vitest'

import * as one from '../../src/index.js'
import * as oneInternal from '../../src/internal.js'
import * as oneRecorder from '../../src/recorder.js'

vi.resetModules()
const other = await import('../../src/index.js')
const otherInternal = await import('../../src/internal.js')
const otherRecorder = await import('../../src/recorder.js')

const database = {
  system: 'postgresql',
  namespace: undefined,
  serverAddress: undefined,
  serverPort: undefined,
  poolName: 'test',
}

/** Records a query in a transaction with one copy and returns the ids of both. */
async function idsOf(recorder: typeof oneRecorder): Promise<readonly (number | undefined)[]> {
  const ids: (number | undefined)[] = []
  const handlers = {
    asyncEnd: ({ id, transaction }: one.QueryExecution) => void ids.push(id, transaction?.id),
  }
  one.channels.query.subscribe(handlers)
  const session = recorder.createSession({ database })
  await recorder.recordBegin(session, {}, async () => {})
  await recorder.recordQuery(session, { sql: 'select 1' }, async () => ({ rows: [] }), undefined)
  await recorder.recordCommand(session, 'commit', async () => {})
  one.channels.query.unsubscribe(handlers)
  return ids
}

it('the test loads two copies of the package', () => {
  expect(other.runInScope).not.toBe(one.runInScope)
})

it('a copy wakes the dormant listeners of another copy', () => {
  const listener = vi.fn()
  const remove = oneInternal.addDormantListener(listener)
  otherRecorder.isRecordingConnections()
  remove()
  expect(listener).toHaveBeenCalledOnce()
})

it('a scope of one copy is current in another copy', () => {
  expect(one.runInScope('job', () => other.currentScope()?.name)).toBe('job')
  expect(one.channels.query.start).toBe(other.channels.query.start)
})

it('a scope of one copy counts the queries that another copy records', async () => {
  const session = otherRecorder.createSession({ database })
  const send = () =>
    otherRecorder.recordQuery(session, { sql: 'select 1' }, async () => ({ rows: [] }), undefined)
  expect(otherRecorder.isRecordingQueries()).toBe(false)
  const count = await one.runInScope('job', async () => {
    expect(otherRecorder.isRecordingQueries()).toBe(true)
    await send()
    await send()
    return one.currentScope()?.queryCount
  })
  expect(count).toBe(2)
  expect(oneRecorder.isRecordingQueries()).toBe(false)
})

it('queries, transactions and scopes of two copies have unique ids', async () => {
  const [first, second] = [await idsOf(oneRecorder), await idsOf(otherRecorder)]
  expect(second).toEqual(first.map((id) => id! + 1))
  const scopes = [one, other].map(({ runInScope, currentScope }) =>
    runInScope('job', () => currentScope()!.id),
  )
  expect(scopes[1]).toBe(scopes[0]! + 1)
})

it('two copies share the count of faults and the cache of shapes', () => {
  const { faults } = one.diagnostics()
  otherInternal.reportFault('the other copy', new Error('no'))
  expect(one.diagnostics().faults).toBe(faults + 1)
  const shape = oneRecorder.shapeCacheOf({ dialect: 'postgresql' }).get('select 1 from shared')
  expect(otherRecorder.shapeCacheOf({ dialect: 'postgresql' }).get('select 1 from shared')).toBe(shape)
})

it('diagnostics reports the allowances of both copies', async () => {
  const reason = 'of the other copy'
  await other.runInScope('job', async () => {}, { detect: { allow: [{ reason, scope: 'job' }] } })
  expect(one.diagnostics().unusedAllowances.map(({ allowance }) => allowance.reason)).toContain(reason)
})

it('a capture of one copy refuses a query that another copy records', async () => {
  const refusal = new one.QuerylensError('QUERYLENS_QUERY_LIMIT', 'enough')
  const refused: unknown[] = []
  const { run, end } = oneInternal.openCapture(
    'test',
    'test()',
    {
      queryStarts: () => {
        throw refusal
      },
      queryEnds: () => {},
      refused: (error) => void refused.push(error),
    },
    {},
  )
  const session = otherRecorder.createSession({ database })
  const send = vi.fn(async () => ({ rows: [] }))
  await run(async () => {
    await expect(otherRecorder.recordQuery(session, { sql: 'select 1' }, send, undefined)).rejects.toBe(
      refusal,
    )
  })
  end(undefined)
  expect(send).not.toHaveBeenCalled()
  expect(refused).toEqual([refusal])
})
