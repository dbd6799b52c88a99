import { Kysely, sql } from 'kysely'
import { expect, it } from 'vitest'

import { querylens } from '../../src/index.js'
import { createStubDialect } from '../support/stub-dialect.ts'
import { recordExecutions } from '../support/record-executions.ts'

const recording = recordExecutions()

it('a wait for a connection ends when the signal of the caller fires', async () => {
  let deliver: () => void = () => {}
  const pool = new Promise<void>((resolve) => (deliver = resolve))
  const dialect = createStubDialect(undefined, (connection) => pool.then(() => connection))
  const db = new Kysely(querylens({ dialect }))
  const controller = new AbortController()
  const query = sql`select a`.execute(db, { signal: controller.signal })
  await new Promise((resolve) => setTimeout(resolve, 5))
  const reason = new Error('given up')
  controller.abort(reason)
  await expect(query).rejects.toBe(reason)
  expect(recording.connections).toMatchObject([{ failed: true, error: reason }])

  deliver()
  await sql`select b`.execute(db)
  expect(recording.connections).toHaveLength(2)
  expect(recording.releases).toHaveLength(1)
  expect(recording.queries).toHaveLength(1)
})
