import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { createJaegerClient } from '@querylens/tool-jaeger'
import type { ReceivedSpan } from '@querylens/tool-otlp-receiver'
import { createDatabase, type TestDatabase } from '@querylens/tool-postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const jaeger = createJaegerClient(process.env['QUERYLENS_TEST_JAEGER_URL'] ?? '')
const ROWS = 3
const SETUPS = ['startTelemetry', 'NodeSDK'] as const
const ORDERS = ['as listed', 'reversed'] as const
const MODULES = ['ES modules', 'CommonJS'] as const

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase(process.env['QUERYLENS_TEST_DATABASE_URL'] ?? '')
  const client = new pg.Client({ connectionString: database.connectionString })
  await client.connect()
  await client.query('create table posts (id integer primary key, title text)')
  await client.query('create table comments (id serial primary key, post_id integer, body text)')
  await client.query(`insert into posts select n, 'post ' || n from generate_series(1, ${ROWS}) n`)
  await client.end()
})
afterAll(() => database.drop())

interface Fixture {
  readonly setup: (typeof SETUPS)[number]
  readonly order: (typeof ORDERS)[number]
  readonly modules: (typeof MODULES)[number]
}

const FIXTURES: readonly Fixture[] = SETUPS.flatMap((setup) =>
  ORDERS.flatMap((order) => MODULES.map((modules) => ({ setup, order, modules }))),
)

/** Starts the application, asks it for its pages and ends it, and gives their traces as Jaeger has them. */
async function tracesOf({ setup, order, modules }: Fixture): Promise<readonly (readonly ReceivedSpan[])[]> {
  const service = `${setup} ${order} ${modules}`
  const file = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
  const args =
    modules === 'CommonJS'
      ? ['--require', file('telemetry.cts'), file('application.cts')]
      : ['--import', new URL('fixtures/telemetry.ts', import.meta.url).href, file('application.ts')]
  const application = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.connectionString,
      FIXTURE_SETUP: setup,
      FIXTURE_ORDER: order,
      OTEL_SERVICE_NAME: service,
      OTEL_EXPORTER_OTLP_ENDPOINT: process.env['QUERYLENS_TEST_JAEGER_HTTP_URL'],
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    },
  })
  await visit(application)
  const ids = await vi.waitUntil(
    async () => {
      const found = await jaeger.search({ service })
      return found.length === 3 && found
    },
    { timeout: 20_000 },
  )
  return await Promise.all(ids.map((id) => jaeger.trace(id)))
}

async function visit(application: ChildProcess): Promise<void> {
  const exited = once(application, 'exit')
  const [{ url }] = (await once(application, 'message')) as [{ url: string }]
  for (const [path, status] of [
    ['/posts', 200],
    ['/renamed', 200],
    ['/broken', 500],
  ] as const) {
    const response = await fetch(url + path)
    await response.text()
    expect([path, response.status]).toEqual([path, status])
  }
  application.disconnect()
  await exited
}

/** Names and kinds from the root down, each parent’s children in the order in which they began. */
function treeOf(spans: readonly ReceivedSpan[]): string {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const lines: string[] = []
  const add = (parent: string | undefined, depth: number): void => {
    for (const span of spans
      .filter(({ parentSpanId }) => parentSpanId === parent)
      .toSorted((left, right) => Number(left.startTime - right.startTime))) {
      const origin = span.scope.name.split('/').at(-1)
      const error = span.status.code === 'ERROR' ? '!' : ''
      lines.push(`${'  '.repeat(depth)}${span.name} (${origin} ${span.kind}${error})`)
      add(span.spanId, depth + 1)
    }
  }
  add(undefined, 0)
  for (const { name, parentSpanId } of spans) {
    if (parentSpanId !== undefined && !ids.has(parentSpanId)) lines.push(`${name} has no parent`)
  }
  return lines.join('\n')
}

/** Spans that begin or end outside their parents; Jaeger warns of them. */
function outsiders(spans: readonly ReceivedSpan[]): readonly string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  return spans
    .filter(({ parentSpanId, startTime, endTime }) => {
      const parent = byId.get(parentSpanId ?? '')
      return parent !== undefined && (startTime < parent.startTime || endTime > parent.endTime)
    })
    .map(({ name }) => name)
}

/** The driver’s spans have the name of the database in theirs. */
const EXPECTED = [
  `GET /broken (instrumentation-http SERVER!)
  request (otel INTERNAL!)
    handler - fastify -> @fastify/otel (otel INTERNAL!)
      pg-pool.connect (instrumentation-pg CLIENT)
      insert posts (exporter CLIENT!)
        pg.query:INSERT blog (instrumentation-pg CLIENT!)`,
  `GET /posts (instrumentation-http SERVER)
  request (otel INTERNAL)
    handler - fastify -> @fastify/otel (otel INTERNAL)
      pg-pool.connect (instrumentation-pg CLIENT)
        pg.connect (instrumentation-pg CLIENT)
      select posts (exporter CLIENT)
        pg.query:SELECT blog (instrumentation-pg CLIENT)
      pg-pool.connect (instrumentation-pg CLIENT)
      select comments (exporter CLIENT)
        pg.query:SELECT blog (instrumentation-pg CLIENT)
      pg-pool.connect (instrumentation-pg CLIENT)
      select comments (exporter CLIENT)
        pg.query:SELECT blog (instrumentation-pg CLIENT)
      pg-pool.connect (instrumentation-pg CLIENT)
      select comments (exporter CLIENT)
        pg.query:SELECT blog (instrumentation-pg CLIENT)`,
  `GET /renamed (instrumentation-http SERVER)
  request (otel INTERNAL)
    handler - fastify -> @fastify/otel (otel INTERNAL)
      pg-pool.connect (instrumentation-pg CLIENT)
      transaction (exporter INTERNAL)
        begin (exporter CLIENT)
          pg.query:BEGIN blog (instrumentation-pg CLIENT)
        update posts (exporter CLIENT)
          pg.query:UPDATE blog (instrumentation-pg CLIENT)
        select posts (exporter CLIENT)
          pg.query:SELECT blog (instrumentation-pg CLIENT)
        commit (exporter CLIENT)
          pg.query:COMMIT blog (instrumentation-pg CLIENT)`,
]

describe('the traces of an application', () => {
  it.each(FIXTURES)('are the same with $setup, $order, from $modules', async (fixture) => {
    const traces = await tracesOf(fixture)
    const name = new URL(database.connectionString).pathname.slice(1)
    expect(traces.map((spans) => treeOf(spans).replaceAll(name, 'blog')).toSorted()).toEqual(EXPECTED)
    expect(traces.flatMap(outsiders)).toEqual([])
    // The span that people open first has the loop, whatever stands between it and the queries.
    const marked = traces.flat().filter(({ attributes }) => attributes['querylens.n_plus_one.count'] === ROWS)
    expect(marked.map((span) => `${span.name} ${span.kind}`).toSorted()).toEqual([
      'GET /posts SERVER',
      'handler - fastify -> @fastify/otel INTERNAL',
      'select comments CLIENT',
    ])
  })
})
