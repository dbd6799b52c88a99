import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, it, vi } from 'vitest'

import type { DatabaseInfo } from '../../src/messages/database-info.js'
import { instrumentedDatabases, registerDatabase } from '../../src/record/databases.js'
import { recordQuery } from '../../src/record/record-query.js'
import { createSession } from '../../src/record/session.js'
import { databaseOf } from '../findings/support/executions.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const query = (database: DatabaseInfo, inTransactionCommand = false) => {
  const session = { ...createSession({ database }), inTransactionCommand }
  return recordQuery(session, { sql: 'select 1' }, async () => ({ rows: [] }), undefined)
}

it('instrumentedDatabases lists each database once, in order, with its queries', async () => {
  const [orders, events] = [databaseOf('postgresql'), databaseOf('mysql')]
  registerDatabase(orders)
  registerDatabase(events)
  registerDatabase(orders)
  await query(orders)
  await query(orders)
  await query(orders, true)
  expect(instrumentedDatabases()).toEqual([
    { database: orders, queryCount: 2 },
    { database: events, queryCount: 0 },
  ])
})

it('instrumentedDatabases lists the database of a session', async () => {
  const database = databaseOf('sqlite')
  await query(database)
  expect(instrumentedDatabases()).toContainEqual({ database, queryCount: 1 })
})

it('instrumentedDatabases forgets databases that nothing refers to', async () => {
  const name = 'short-lived'
  for (let count = 0; count < 1_000; count++) registerDatabase(databaseOf(name))
  const isListed = () => instrumentedDatabases().some(({ database }) => database.system === name)
  expect(isListed()).toBe(true)
  await vi.waitFor(() => {
    collectGarbage()
    expect(isListed()).toBe(false)
  })
})
