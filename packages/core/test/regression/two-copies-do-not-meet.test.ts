import { expect, it, vi } from 'vitest'

import * as one from '../../src/index.js'
import * as oneRecorder from '../../src/recorder.js'

it('lets a dormant listener and scopes of one copy be found by another', async () => {
  vi.resetModules()
  const other = await import('../../src/index.js')
  const otherRecorder = await import('../../src/recorder.js')
  expect(other.runInScope).not.toBe(one.runInScope)

  const asked = vi.fn()
  const remove = oneRecorder.addDormantListener(asked)
  otherRecorder.isRecordingConnections()
  remove()
  expect(asked).toHaveBeenCalledOnce()

  expect(one.runInScope('job', () => other.currentScope()?.name)).toBe('job')
  expect(one.channels.query.start).toBe(other.channels.query.start)
})
