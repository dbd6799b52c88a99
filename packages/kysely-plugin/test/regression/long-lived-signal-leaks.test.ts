import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { channels } from '@querylens/core'
import { Kysely, sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'

import { querylens } from '../../src/index.js'
import { createStubDialect } from '../support/stub-dialect.js'

const QUERIES = 20_000

it('a signal that lives as long as the process holds no memory for the queries that it was passed to', async () => {
  const handlers = { asyncEnd() {} }
  channels.query.subscribe(handlers)
  channels.connection.subscribe(handlers)
  onTestFinished(() => {
    channels.query.unsubscribe(handlers)
    channels.connection.unsubscribe(handlers)
  })
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const db = new Kysely(querylens({ dialect: createStubDialect() }))
  const { signal } = new AbortController()
  const heapAfter = async (count: number): Promise<number> => {
    for (let done = 0; done < count; done++) await sql`select 1`.execute(db, { signal })
    // Finalizers run in a turn of their own.
    for (let turn = 0; turn < 3; turn++) {
      collectGarbage()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return process.memoryUsage().heapUsed
  }
  const before = await heapAfter(2_000)
  const bytesEach = ((await heapAfter(QUERIES)) - before) / QUERIES
  expect(bytesEach).toBeLessThan(60)
})
