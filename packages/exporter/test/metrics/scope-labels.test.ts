import { setTimeout as delay } from 'node:timers/promises'

import { runInScope } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import Fastify from 'fastify'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openSqliteDatabase } from '../../../kysely-plugin/test/support/sqlite-database.js'
import { QuerylensInstrumentation } from '../../src/index.js'
import {
  createTestTelemetry,
  registerTelemetry,
  unregisterTelemetry,
  type TestTelemetry,
} from '../support/telemetry.js'

describe('querylens.scope.query_count', () => {
  let telemetry: TestTelemetry
  let instrumentation: QuerylensInstrumentation
  let db: Kysely<unknown>
  const query = (): Promise<unknown> => sql`select 1`.execute(db)

  beforeEach(() => {
    telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    instrumentation = new QuerylensInstrumentation()
    db = new Kysely(querylens({ dialect: new SqliteDialect({ database: openSqliteDatabase() }) }))
  })
  afterEach(async () => {
    instrumentation.disable()
    unregisterTelemetry()
    await db.destroy()
  })

  async function labels(): Promise<readonly unknown[]> {
    const metric = (await telemetry.collect()).find(
      ({ descriptor }) => descriptor.name === 'querylens.scope.query_count',
    )
    const points = (metric?.dataPoints ?? []) as readonly { readonly attributes: Record<string, unknown> }[]
    return points.map(({ attributes }) => attributes['querylens.scope.name']).toSorted()
  }

  it('has the routes of Fastify, also where a body was read before the handler', async () => {
    const app = Fastify()
    app.addContentTypeParser('text/plain', (_request, payload, done) => {
      payload.on('data', () => {}).on('end', () => done(null))
    })
    for (const method of ['GET', 'POST'] as const) {
      app.route({ method, url: '/orders/:id', handler: async () => (await query(), 'ok') })
    }
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    await (await fetch(`${address}/orders/4711`)).text()
    const headers = { 'content-type': 'text/plain' }
    await (await fetch(`${address}/orders/4711`, { method: 'POST', body: 'text', headers })).text()
    await app.close()
    await expect.poll(labels).toEqual(['GET /orders/:id', 'POST /orders/:id'])
  })

  it('has the name of later work', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    runInScope('job', () => void delay(5).then(() => resolve(query())))
    await promise
    await expect.poll(labels, { timeout: 10_000 }).toEqual(['job (later)'])
  })
})
