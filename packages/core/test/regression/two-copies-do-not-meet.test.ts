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

/** The ids of what one copy records: a query in a transaction. */
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

it('is another copy of the package', () => {
  expect(other.runInScope).not.toBe(one.runInScope)
})

it('lets a dormant listener of one copy be found by the other', () => {
  const listener = vi.fn()
  const remove = oneInternal.addDormantListener(listener)
  otherRecorder.isRecordingConnections()
  remove()
  expect(listener).toHaveBeenCalledOnce()
})

it('lets a scope of one copy be current in the other', () => {
  expect(one.runInScope('job', () => other.currentScope()?.name)).toBe('job')
  expect(one.channels.query.start).toBe(other.channels.query.start)
})

it('gives queries, transactions and scopes ids that are unique in the process', async () => {
  const [first, second] = [await idsOf(oneRecorder), await idsOf(otherRecorder)]
  expect(second).toEqual(first.map((id) => id! + 1))
  const scopes = [one, other].map(({ runInScope, currentScope }) =>
    runInScope('job', () => currentScope()!.id),
  )
  expect(scopes[1]).toBe(scopes[0]! + 1)
})

it('counts faults, and keeps shapes, once for the process', () => {
  const { faults } = one.diagnostics()
  otherInternal.reportFault('the other copy', new Error('no'))
  expect(one.diagnostics().faults).toBe(faults + 1)
  const shape = oneRecorder.shapeCacheOf({ dialect: 'postgresql' }).get('select 1 from shared')
  expect(otherRecorder.shapeCacheOf({ dialect: 'postgresql' }).get('select 1 from shared')).toBe(shape)
})

it('knows the allowances of both copies', async () => {
  const reason = 'of the other copy'
  await other.runInScope('job', async () => {}, { detect: { allow: [{ reason, scope: 'job' }] } })
  expect(one.diagnostics().unusedAllowances.map(({ allowance }) => allowance.reason)).toContain(reason)
})
