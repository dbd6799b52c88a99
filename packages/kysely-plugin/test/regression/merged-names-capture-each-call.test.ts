import { channels, runInScope } from '@querylens/core'
import { Kysely } from 'kysely'
import { expect, it, onTestFinished, vi } from 'vitest'

import { querylens } from '../../src/index.js'
import { createStubDialect } from '../support/stub-dialect.js'

/** Runs a long loop, and counts the stacks that are captured for it. */
async function capturesWith(table: string, mergeNames: boolean): Promise<number> {
  const db = new Kysely<Record<string, { id: number }>>(
    querylens({ dialect: createStubDialect() }, { mergeNames }),
  )
  const capture = vi.spyOn(Error, 'captureStackTrace')
  await runInScope('job', async () => {
    for (let id = 0; id < 500; id++) await db.selectFrom(table).select('id').where('id', '=', id).execute()
  })
  const { length } = capture.mock.calls
  capture.mockRestore()
  return length
}

it('a loop over a table with a merged name has as few stacks as any other', async () => {
  const onFinding = (): void => {}
  channels.finding.subscribe(onFinding)
  onTestFinished(() => void channels.finding.unsubscribe(onFinding))
  const captures = await capturesWith('events_1', false)
  expect(captures).toBeGreaterThan(0)
  expect(Math.abs((await capturesWith('events_2', true)) - captures)).toBeLessThan(captures / 2)
})
