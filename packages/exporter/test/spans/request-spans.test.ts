import { createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  setRPCMetadata,
  suppressTracing,
  W3CTraceContextPropagator,
  type RPCMetadata,
} from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { runInScope, setRoute } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { openSqliteDatabase } from '../../../kysely-plugin/test/support/sqlite-database.js'
import { QuerylensInstrumentation } from '../../src/index.js'
import {
  createTestTelemetry,
  registerTelemetry,
  unregisterTelemetry,
  type TestTelemetry,
} from '../support/telemetry.js'

let telemetry: TestTelemetry
let instrumentation: QuerylensInstrumentation
let server: Server | undefined
let db: Kysely<unknown>

beforeEach(() => {
  telemetry = createTestTelemetry()
  registerTelemetry(telemetry)
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  instrumentation = new QuerylensInstrumentation()
  db = new Kysely(querylens({ dialect: new SqliteDialect({ database: openSqliteDatabase() }) }))
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  instrumentation.disable()
  await db.destroy()
  propagation.disable()
  unregisterTelemetry()
})

const query = (): Promise<unknown> => sql`select 1`.execute(db)

async function listen(handler: RequestListener): Promise<number> {
  server = createServer(handler).listen(0, '127.0.0.1')
  await new Promise((resolve) => server?.once('listening', resolve))
  return (server.address() as AddressInfo).port
}

/** Sends a request to a server with one handler, and waits until the response has closed there, and with it the request. */
async function request(
  handler: (request: IncomingMessage) => Promise<unknown>,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly ReadableSpan[]> {
  const closed = Promise.withResolvers<void>()
  const port = await listen((incoming, response) => {
    response.once('close', closed.resolve)
    void handler(incoming).finally(() => response.end())
  })
  await new Promise<void>((resolve, reject) => {
    get({ port, path: '/users/4711?token=s3cret', headers, agent: false }, (answer) => {
      answer.resume().once('close', resolve)
    }).once('error', reject)
  })
  await closed.promise
  return telemetry.spans
}

const servers = (): ReadableSpan[] => telemetry.spans.filter(({ kind }) => kind === SpanKind.SERVER)

describe('the span of a request that nothing else makes a span for', () => {
  it('is around its queries, transactions and scopes', async () => {
    const spans = await request(async () => {
      await query()
      await db.transaction().execute((transaction) => sql`select 2`.execute(transaction))
      await runInScope('job', async () => {
        await query()
        trace.getTracer('test').startSpan('mine').end()
      })
    })
    const [server] = servers()
    expect(servers()).toHaveLength(1)
    expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1)
    const childrenOf = (parent: ReadableSpan | undefined): string[] =>
      spans
        .filter((span) => span.parentSpanContext?.spanId === parent?.spanContext().spanId)
        .map(({ name }) => name)
    expect(childrenOf(server).toSorted()).toEqual(['mine', 'select', 'select', 'transaction'])
  })

  it('holds neither path nor query', async () => {
    await request(query)
    expect(servers()[0]).toMatchObject({ name: 'GET', parentSpanContext: undefined })
    expect(servers()[0]?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'querylens.scope.name': 'GET /users/…',
    })
  })

  it('has the route that the application sets', async () => {
    await request(async () => {
      setRoute('/users/:id')
      await query()
      setRoute(undefined)
      setRoute('/*')
    })
    expect(servers()[0]).toMatchObject({
      name: 'GET /users/:id',
      attributes: { 'http.route': '/users/:id', 'querylens.scope.name': 'GET /users/:id' },
    })
  })

  it('shows findings with their final figures', async () => {
    await sql`create table person (id integer)`.execute(db)
    await request(async () => {
      for (let id = 0; id < 7; id++) await sql`select * from person where id = ${id}`.execute(db)
    })
    expect(servers()[0]?.attributes['querylens.n_plus_one.count']).toBe(7)
    expect(servers()[0]?.events.map(({ attributes }) => attributes?.['querylens.finding.brief'])).toEqual([
      expect.stringMatching(/^N\+1: 7x/),
    ])
  })

  it('has no status where the client disconnects before the answer', async () => {
    const port = await listen(() => void query())
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /users/1 HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await vi.waitFor(() => expect(telemetry.spans).toHaveLength(1))
    socket.destroy()
    await vi.waitFor(() => expect(servers()).toHaveLength(1))
    expect(servers()[0]?.attributes).not.toHaveProperty(['http.response.status_code'])
    expect(servers()[0]?.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('does not belong to the trace in which the server was started', async () => {
    await trace.getTracer('test').startActiveSpan('start-up', async (span) => {
      const port = await listen((_request, response) => void query().then(() => response.end()))
      span.end()
      await fetch(`http://127.0.0.1:${port}/users/1`)
    })
    await vi.waitFor(() => expect(servers()).toHaveLength(1))
    const startUp = telemetry.spans.find(({ name }) => name === 'start-up')
    expect(servers()[0]?.spanContext().traceId).not.toBe(startUp?.spanContext().traceId)
  })
})

describe('a request gets no second span', () => {
  it('where the application has a span around the query', async () => {
    await request(() =>
      trace.getTracer('test').startActiveSpan('mine', (span) => query().finally(() => span.end())),
    )
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['select', 'mine'])
  })

  it('where an instrumentation leaves it out', async () => {
    await request(() => context.with(suppressTracing(context.active()), query))
    expect(telemetry.spans).toEqual([])
  })

  it('where its client has not sampled its trace', async () => {
    await request(query, { traceparent: '00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' })
    expect(telemetry.spans).toEqual([])
  })

  it('without queries', async () => {
    await request(async () => {})
    expect(telemetry.spans).toEqual([])
  })
})

describe('the route of a request', () => {
  it.each([
    ['is taken from an instrumentation', '/users/:user', undefined, 'GET /users/:user'],
    ['of an instrumentation wins', '/users/:user', '/users/:id', 'GET /users/:user'],
    ['stays unknown without one', undefined, undefined, 'GET /users/…'],
  ])('%s', async (_, found, set, expected) => {
    const span = trace.getTracer('test').startSpan('GET', { kind: SpanKind.SERVER })
    const metadata = { type: 'http', span, route: found } as RPCMetadata
    await request(() =>
      context.with(setRPCMetadata(trace.setSpan(context.active(), span), metadata), () => {
        setRoute(set)
        return query()
      }),
    )
    expect(telemetry.spans[0]?.attributes['querylens.scope.name']).toBe(expected)
    expect(metadata.route).toBe(found)
  })
})
