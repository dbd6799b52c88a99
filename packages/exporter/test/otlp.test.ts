import { createRequire } from 'node:module'

import { context, trace } from '@opentelemetry/api'
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { runInScope } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '@querylens/tool-otlp-receiver'
import { createDatabase, type TestDatabase } from '@querylens/tool-postgres'
import { Kysely, PostgresDialect, sql, type Generated } from 'kysely'
import Cursor from 'pg-cursor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { QuerylensInstrumentation } from '../src/index.js'

interface Database {
  orders: { id: Generated<number>; customer_id: number; total: number }
}

let receiver: OtlpReceiver
let database: TestDatabase
let db: Kysely<Database>
/** Everything that arrived, by the name of the request in whose trace it is. */
let traceOf: (request: string) => readonly ReceivedSpan[]

/** A request of an application: all of its queries are in one trace. */
async function request(name: string, work: () => Promise<unknown>): Promise<void> {
  const span = trace.getTracer('application').startSpan(name)
  await context.with(trace.setSpan(context.active(), span), () => runInScope(name, work)).catch(() => {})
  span.end()
}

beforeAll(async () => {
  receiver = await startOtlpReceiver()
  database = await createDatabase(process.env['QUERYLENS_TEST_DATABASE_URL'] ?? '')
  Object.assign(process.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_SERVICE_NAME: 'otlp-test',
  })
  const sdk = new NodeSDK({ instrumentations: [new QuerylensInstrumentation(), new PgInstrumentation()] })
  sdk.start()
  // Through CommonJS, where the pg instrumentation can reach it.
  const pg = createRequire(import.meta.url)('pg') as typeof import('pg')
  const { hostname, port } = new URL(database.connectionString)
  const pool = new pg.Pool({
    connectionString: database.connectionString,
    max: 1,
    connectionTimeoutMillis: 200,
  })
  db = new Kysely<Database>(
    querylens(
      { dialect: new PostgresDialect({ pool, cursor: Cursor }) },
      { connection: { host: hostname, port: Number(port), database: 'shop' }, poolName: 'orders' },
    ),
  )

  await request('migrate', () =>
    db.schema
      .createTable('orders')
      .addColumn('id', 'serial', (column) => column.primaryKey())
      .addColumn('customer_id', 'integer', (column) => column.notNull())
      .addColumn('total', 'integer')
      .execute(),
  )
  await request('insert', () =>
    db
      .insertInto('orders')
      .values([1, 2, 3].map((customer_id) => ({ customer_id, total: 7 })))
      .execute(),
  )
  await request('select', () => db.selectFrom('orders').selectAll().where('customer_id', '=', 2).execute())
  await request('literal', () => sql`select * from orders where total = 4711 or 'pass' = 'word'`.execute(db))
  await request('duplicate', () =>
    db.insertInto('orders').values({ id: 1, customer_id: 1, total: 1 }).execute(),
  )
  await request('buy', () =>
    db
      .transaction()
      .setIsolationLevel('serializable')
      .execute(async (trx) => {
        await trx.selectFrom('orders').selectAll().forUpdate().execute()
        await trx.updateTable('orders').set({ total: 8 }).execute()
      }),
  )
  await request('change-mind', () => db.transaction().execute(() => Promise.reject(new Error('no'))))
  await request('stream', async () => {
    for await (const order of db.selectFrom('orders').selectAll().stream(1)) if (order.id > 1) break
  })
  await request('exhausted', () => db.connection().execute(() => sql`select 1`.execute(db)))
  await db.destroy()
  await sdk.shutdown()

  traceOf = (name) => {
    const root = receiver.spans.find((span) => span.name === name && span.scope.name === 'application')
    return receiver.spans.filter((span) => span.traceId === root?.traceId)
  }
}, 60_000)

afterAll(async () => {
  await receiver.stop()
  await database.drop()
})

const named = (spans: readonly ReceivedSpan[], name: string): ReceivedSpan => {
  const found = spans.filter((span) => span.name === name && span.scope.name === '@querylens/exporter')
  expect(found, `spans named ${name}`).toHaveLength(1)
  return found[0]!
}

describe('spans over OTLP', () => {
  it('have the instrumentation scope, its version and the schema of the conventions', () => {
    const { scope, resource } = named(traceOf('select'), 'select orders')
    expect(scope).toMatchObject({
      name: '@querylens/exporter',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      schemaUrl: expect.stringMatching(/^https:\/\/opentelemetry\.io\/schemas\/1\.\d+\.\d+$/) as string,
    })
    expect(resource['service.name']).toBe('otlp-test')
  })

  it('follow the conventions for database clients', () => {
    const span = named(traceOf('select'), 'select orders')
    const root = traceOf('select').find(({ name }) => name === 'select')
    const { port, hostname } = new URL(database.connectionString)
    expect(span.kind).toBe('CLIENT')
    expect(span.parentSpanId).toBe(root?.spanId)
    expect(span.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.namespace': 'shop',
      'db.collection.name': 'orders',
      'db.operation.name': 'select',
      'db.query.summary': 'select orders',
      'db.query.text': 'select * from "orders" where "customer_id" = $1',
      'db.response.returned_rows': 1,
      'server.address': hostname,
      'server.port': Number(port),
      'querylens.query.fingerprint': expect.stringMatching(/^q1:[0-9a-f]{16}$/) as string,
      'querylens.connection.wait_time': expect.any(Number) as number,
      'querylens.scope.name': 'select',
    })
    expect(span.status.code).toBe('UNSET')
  })

  it('lie within their parents', () => {
    for (const name of ['select', 'buy', 'stream']) {
      const spans = traceOf(name)
      for (const span of spans) {
        const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
        expect(span.endTime).toBeGreaterThanOrEqual(span.startTime)
        // The application's own spans begin at whole milliseconds.
        if (parent) expect(span.startTime).toBeGreaterThanOrEqual(parent.startTime - 1_000_000n)
        if (parent) expect(span.endTime).toBeLessThanOrEqual(parent.endTime + 2_000_000n)
      }
    }
  })

  it('carry no literal and no parameter', () => {
    const span = traceOf('literal').find(({ scope }) => scope.name === '@querylens/exporter')
    expect(span?.name).toBe('select orders')
    expect(span?.attributes['db.query.text']).toContain('?')
    const ours = receiver.spans.filter(({ scope }) => scope.name === '@querylens/exporter')
    const exported = JSON.stringify(
      ours.map(({ name, attributes, events, status }) => [
        name,
        attributes,
        status,
        events.map((e) => e.attributes),
      ]),
    )
    expect(exported).not.toMatch(/4711|'pass'|word/)
  })

  it('have the SQLSTATE of a failure, and an exception event', () => {
    const span = named(traceOf('duplicate'), 'insert orders')
    expect(span.status).toEqual({ code: 'ERROR', message: undefined })
    expect(span.attributes).toMatchObject({ 'db.response.status_code': '23505', 'error.type': '23505' })
    expect(span.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'error' } }])
    expect(span.events[0]?.attributes).not.toHaveProperty(['exception.message'])
  })

  it('have the span of the transaction as their parent', () => {
    const spans = traceOf('buy')
    const transaction = named(spans, 'transaction')
    expect(transaction.kind).toBe('INTERNAL')
    expect(transaction.parentSpanId).toBe(spans.find(({ name }) => name === 'buy')?.spanId)
    expect(transaction.attributes).toMatchObject({
      'querylens.transaction.isolation_level': 'serializable',
      'querylens.transaction.outcome': 'committed',
      'querylens.transaction.query_count': 2,
    })
    const children = spans.filter(({ parentSpanId }) => parentSpanId === transaction.spanId)
    expect(children.map(({ name }) => name)).toEqual(['start', 'select orders', 'update orders', 'commit'])
  })

  it('have the outcome of a rolled-back transaction, which is no error', () => {
    const transaction = named(traceOf('change-mind'), 'transaction')
    expect(transaction.attributes['querylens.transaction.outcome']).toBe('rolled_back')
    expect(transaction.status.code).toBe('UNSET')
  })

  it('have the outcome of a stream that the caller left', () => {
    const span = named(traceOf('stream'), 'select orders')
    expect(span.attributes).toMatchObject({
      'querylens.query.outcome': 'stopped',
      'db.response.returned_rows': 2,
    })
  })

  it('include a failed acquisition of a connection', () => {
    const span = named(traceOf('exhausted'), 'acquire connection')
    expect(span.status.code).toBe('ERROR')
    expect(span.kind).toBe('INTERNAL')
    expect(span.attributes['querylens.connection.wait_time']).toBeGreaterThan(0.15)
  })

  it('are the parents of the driver’s own spans', () => {
    // It makes no span for a cursor.
    for (const name of ['select', 'buy', 'duplicate']) {
      const spans = traceOf(name)
      const driver = spans.filter(
        (span) => span.scope.name === '@opentelemetry/instrumentation-pg' && span.name.startsWith('pg.query'),
      )
      expect(driver.length, name).toBeGreaterThan(0)
      for (const span of driver) {
        const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
        expect(parent?.scope.name, `parent of ${span.name} in ${name}`).toBe('@querylens/exporter')
        expect(parent?.kind).toBe('CLIENT')
      }
    }
  })
})

describe('metrics over OTLP', () => {
  const metric = (name: string) => {
    const found = receiver.metrics.filter((candidate) => candidate.name === name).at(-1)
    expect(found, name).toBeDefined()
    return found!
  }

  it('measure the duration of operations in seconds, in the buckets of the conventions', () => {
    const duration = metric('db.client.operation.duration')
    expect(duration).toMatchObject({ unit: 's', type: 'histogram', scope: { name: '@querylens/exporter' } })
    for (const point of duration.dataPoints) {
      expect(point.explicitBounds).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10])
      expect(point.attributes).not.toHaveProperty('db.query.text')
      expect(point.attributes).toMatchObject({ 'db.system.name': 'postgresql', 'db.namespace': 'shop' })
    }
    const failed = duration.dataPoints.filter(({ attributes }) => attributes['error.type'] !== undefined)
    expect(failed).toMatchObject([
      { count: 1, attributes: { 'error.type': '23505', 'db.response.status_code': '23505' } },
    ])
    const select = duration.dataPoints.find(
      ({ attributes }) => attributes['db.query.summary'] === 'select orders',
    )
    expect(select?.count).toBe(4)
    expect(select?.sum).toBeGreaterThan(0)
    expect(select?.sum).toBeLessThan(5)
  })

  it('measure the pool by its name', () => {
    for (const name of ['db.client.connection.wait_time', 'db.client.connection.use_time']) {
      expect(metric(name)).toMatchObject({ unit: 's', type: 'histogram' })
      expect(metric(name).dataPoints[0]?.attributes).toEqual({ 'db.client.connection.pool.name': 'orders' })
    }
    const count = metric('db.client.connection.count')
    expect(count).toMatchObject({ unit: '{connection}', type: 'sum', monotonic: false })
    expect(count.dataPoints).toMatchObject([
      {
        value: 0,
        attributes: { 'db.client.connection.state': 'used', 'db.client.connection.pool.name': 'orders' },
      },
    ])
    expect(metric('db.client.connection.pending_requests')).toMatchObject({
      unit: '{request}',
      dataPoints: [{ value: 0 }],
    })
    expect(metric('db.client.connection.timeouts')).toMatchObject({
      unit: '{timeout}',
      monotonic: true,
      dataPoints: [{ value: 1 }],
    })
  })
})
