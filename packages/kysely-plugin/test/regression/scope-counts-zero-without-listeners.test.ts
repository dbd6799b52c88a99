import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { channels, currentScope, runInScope, scopeHttpRequests, type Scope } from '@querylens/core'
import { isRecordingQueries } from '@querylens/core/recorder'
import { querylens } from '@querylens/kysely-plugin'
import type { TestDatabase } from '@querylens/tool-postgres'
import { Kysely, sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'

import { createPostgresDialect } from '../support/postgres-dialect.ts'
import { createTestDatabase } from '../support/test-database.ts'

let database: TestDatabase
let db: Kysely<unknown>
beforeAll(async () => {
  database = await createTestDatabase()
  const { connectionString } = database
  db = new Kysely(querylens(createPostgresDialect({ connectionString })))
})
afterAll(async () => {
  await db.destroy()
  await database.drop()
})

async function selectTimes(count: number): Promise<void> {
  for (let value = 0; value < count; value++) await sql`select ${value}::int`.execute(db)
}

afterEach(() => expect(isRecordingQueries()).toBe(false))

it('runInScope counts a loop of 41 queries although nothing subscribes', async () => {
  await selectTimes(3)
  const scope = await runInScope('job', async () => {
    await selectTimes(41)
    return currentScope()
  })
  expect(scope).toMatchObject({ queryCount: 41, failedQueryCount: 0 })
  expect(scope?.queryDurationMillis).toBeGreaterThan(0)
})

it('runInScope counts neither begin nor commit, and counts failures apart', async () => {
  const scope = await runInScope('job', async () => {
    await db.transaction().execute(async (trx) => {
      for (let value = 0; value < 3; value++) await sql`select ${value}::int`.execute(trx)
    })
    await sql`select 1 from missing`.execute(db).catch(() => {})
    return currentScope()
  })
  expect(scope).toMatchObject({ queryCount: 4, failedQueryCount: 1 })
})

it('each of two concurrent scopes counts its own queries until it ends', async () => {
  const counted = (name: string, count: number) =>
    runInScope(name, async () => {
      await selectTimes(count)
      return currentScope()?.queryCount
    })
  expect(await Promise.all([counted('short', 2), counted('long', 9)])).toEqual([2, 9])
})

/** Sends a request whose handler runs `work`, and returns its scope when that has ended. */
async function scopeOfRequest(work: () => Promise<void>): Promise<Scope | undefined> {
  const stop = scopeHttpRequests()
  let scope: Scope | undefined
  const server = createServer((_request, response) => {
    scope = currentScope()
    void work().then(
      () => response.end(),
      (error: Error) => response.destroy(error),
    )
  })
  await once(server.listen(0), 'listening')
  await (await fetch(`http://localhost:${(server.address() as AddressInfo).port}/`)).text()
  server.close().closeAllConnections()
  await once(server, 'close')
  stop()
  return scope
}
const ignore = (): void => {}
const none = { queryCount: undefined, failedQueryCount: undefined, queryDurationMillis: undefined }

it('a request that opened without a listener has no figures, also after one has come', async () => {
  const scope = await scopeOfRequest(async () => {
    await selectTimes(2)
    channels.scope.subscribe(ignore)
    await selectTimes(2)
    channels.scope.unsubscribe(ignore)
  })
  expect(scope).toMatchObject(none)
})

it('a request that opened with a listener counts to its end, also after the listener has gone', async () => {
  channels.scope.subscribe(ignore)
  const scope = await scopeOfRequest(async () => {
    await selectTimes(2)
    channels.scope.unsubscribe(ignore)
    await selectTimes(3)
  })
  expect(scope).toMatchObject({ queryCount: 5, failedQueryCount: 0 })
})

it('a request does not keep recording on for the next one', async () => {
  await runInScope('test', async () => {
    expect(await scopeOfRequest(() => selectTimes(1))).toMatchObject(none)
  })
})
