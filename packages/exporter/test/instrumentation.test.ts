import { channel } from 'node:diagnostics_channel'

import { context, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api'
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace'
import { channels, runInScope } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openSqliteDatabase } from '../../kysely-plugin/test/support/sqlite-database.js'
import { QuerylensInstrumentation, type QuerylensInstrumentationOptions } from '../src/index.js'
import {
  captureDiag,
  createTestTelemetry,
  registerTelemetry,
  unregisterTelemetry,
} from './support/telemetry.js'

interface Database {
  person: { id: number; name: string }
}

const enabled: QuerylensInstrumentation[] = []
let db: Kysely<Database>

/** Instrumentations are made by this function alone, so that none outlives its test. */
function instrument(options?: QuerylensInstrumentationOptions): QuerylensInstrumentation {
  const instrumentation = new QuerylensInstrumentation(options)
  enabled.push(instrumentation)
  return instrumentation
}

beforeEach(async () => {
  const database = openSqliteDatabase()
  db = new Kysely<Database>(
    querylens({ dialect: new SqliteDialect({ database }) }, { connection: { database: 'people' } }),
  )
  await sql`create table person (id integer primary key, name text)`.execute(db)
})
afterEach(async () => {
  for (const instrumentation of enabled.splice(0)) instrumentation.disable()
  await db.destroy()
  unregisterTelemetry()
})

describe('QuerylensInstrumentation', () => {
  it('writes to an SDK that is registered after it', async () => {
    instrument()
    await sql`select 1`.execute(db)
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    await db.selectFrom('person').selectAll().execute()
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['select person'])
    expect(await telemetry.collect()).not.toEqual([])
  })

  it('makes no query an event until there is an SDK', async () => {
    instrument()
    await sql`select 1`.execute(db)
    expect(channels.query.hasSubscribers).toBe(false)
    registerTelemetry(createTestTelemetry())
    await sql`select 1`.execute(db)
    expect(channels.query.hasSubscribers).toBe(true)
  })

  it('prefers the providers that are set', async () => {
    const registered = createTestTelemetry()
    const given = createTestTelemetry()
    registerTelemetry(registered)
    const instrumentation = instrument()
    instrumentation.setTracerProvider(given.tracerProvider)
    instrumentation.setMeterProvider(given.meterProvider)
    await sql`select 1`.execute(db)
    expect(registered.spans).toEqual([])
    expect(await registered.collect()).toEqual([])
    expect(given.spans).toHaveLength(1)
    expect((await given.collect()).length).toBeGreaterThan(0)
  })

  it('needs no registered SDK when a provider is set', async () => {
    const given = createTestTelemetry()
    instrument().setTracerProvider(given.tracerProvider)
    await sql`select 1`.execute(db)
    expect(given.spans).toHaveLength(1)
  })

  it('starts no span while it is disabled, and ends those under way', async () => {
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    const instrumentation = instrument()
    const transaction = await db.startTransaction().execute()
    instrumentation.disable()
    await transaction.selectFrom('person').selectAll().execute()
    await transaction.commit().execute()
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['begin', 'transaction'])
    expect(channels.query.hasSubscribers).toBe(false)
    expect(channels.transaction.hasSubscribers).toBe(false)
    instrumentation.enable()
    instrumentation.enable()
    await sql`select 1`.execute(db)
    expect(telemetry.spans).toHaveLength(3)
  })

  it('starts disabled with enabled: false', async () => {
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    const instrumentation = instrument({ enabled: false })
    expect(instrumentation.getConfig().enabled).toBe(false)
    await sql`select 1`.execute(db)
    expect(telemetry.spans).toEqual([])
  })

  it('makes HTTP requests scopes while it is enabled', async () => {
    const subscribers = channel('http.server.request.start')
    const instrumentation = instrument()
    expect(subscribers.hasSubscribers).toBe(true)
    instrumentation.setConfig({ httpScopes: false })
    expect(subscribers.hasSubscribers).toBe(false)
    instrumentation.setConfig({})
    instrumentation.enable()
    expect(subscribers.hasSubscribers).toBe(true)
    instrumentation.disable()
    expect(subscribers.hasSubscribers).toBe(false)
    instrument({ httpScopes: false })
    expect(subscribers.hasSubscribers).toBe(false)
  })

  it('rejects unknown options, also in setConfig()', () => {
    expect(() => instrument({ queryTxt: false } as QuerylensInstrumentationOptions)).toThrow(
      "QuerylensInstrumentation has no option 'queryTxt'. It takes: enabled, httpScopes, queryText, errorMessages, transactionSpans, exportFindings, findingLogs.",
    )
    expect(() => instrument().setConfig({ queryText: 'yes' as never })).toThrow(
      'Option \'queryText\' of QuerylensInstrumentation takes true or false, but got the string "yes".',
    )
  })

  it('reports faults once a burst through diag', async () => {
    const messages = captureDiag()
    registerTelemetry(createTestTelemetry())
    instrument()
    const failing = {
      start() {
        throw new Error('subscriber')
      },
    }
    channels.query.subscribe(failing)
    for (let count = 0; count < 10; count++) await sql`select 1`.execute(db)
    channels.query.unsubscribe(failing)
    expect(messages).toEqual([
      '@querylens/exporter: 1 fault(s) in subscriber of tracing:querylens:query:start; the application is not affected. Error: subscriber',
    ])
  })
})

describe('the span of a query', () => {
  it('has its name and the attributes for samplers when it starts', async () => {
    const telemetry = createTestTelemetry({
      shouldSample: (_context, _traceId, name, kind, attributes) => {
        expect({ name, kind, attributes }).toEqual({
          name: 'select person',
          kind: SpanKind.CLIENT,
          attributes: {
            'db.system.name': 'sqlite',
            'db.namespace': 'people',
            'db.collection.name': 'person',
            'db.operation.name': 'select',
            'db.query.summary': 'select person',
            'db.query.text': 'select * from "person"',
          },
        })
        return { decision: 2 }
      },
      toString: () => 'asserting',
    })
    registerTelemetry(telemetry)
    instrument()
    await runInScope('job', () => db.selectFrom('person').selectAll().execute())
    expect(telemetry.spans[0]?.attributes).toMatchObject({
      'querylens.query.fingerprint': expect.stringMatching(/^q1:[0-9a-f]{16}$/) as string,
      'db.response.returned_rows': 0,
      'querylens.scope.name': 'job',
      'querylens.connection.wait_time': expect.any(Number) as number,
    })
    expect(telemetry.spans[0]?.status).toEqual({ code: SpanStatusCode.UNSET })
  })

  it('has its attributes where a sampler records it in an unsampled trace', async () => {
    const telemetry = createTestTelemetry({
      shouldSample: (_context, _traceId, name) => ({ decision: name === 'select person' ? 2 : 0 }),
      toString: () => 'queries only',
    })
    registerTelemetry(telemetry)
    instrument()
    await trace.getTracer('test').startActiveSpan('sampled out', async (request) => {
      await db.selectFrom('person').selectAll().execute()
      request.end()
    })
    expect(telemetry.spans).toMatchObject([{ attributes: { 'db.query.text': 'select * from "person"' } }])
  })

  it('has no literal, and no text with queryText: false', async () => {
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    const instrumentation = instrument()
    await sql`select * from person where name = 'secret'`.execute(db)
    instrumentation.setConfig({ queryText: false })
    await db.selectFrom('person').selectAll().execute()
    const texts = telemetry.spans.map(({ attributes }) => attributes['db.query.text'])
    expect(texts).toEqual(['select * from person where name = ?', undefined])
    expect(JSON.stringify(telemetry.spans.map(({ name, attributes }) => [name, attributes]))).not.toContain(
      'secret',
    )
  })

  it('has code and type of a failure, and its message only with errorMessages', async () => {
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    const instrumentation = instrument()
    await sql`select * from nowhere`.execute(db).catch(() => {})
    instrumentation.setConfig({ errorMessages: true })
    await sql`select * from nowhere`.execute(db).catch(() => {})
    const [quiet, loud] = telemetry.spans
    expect(quiet?.attributes).toMatchObject({ 'error.type': '1', 'db.response.status_code': '1' })
    expect(quiet?.attributes).toMatchObject({
      'code.file.path': 'packages/kysely-plugin/test/support/sqlite-database.ts',
      'code.line.number': expect.any(Number) as number,
    })
    expect(quiet?.status).toEqual({ code: SpanStatusCode.ERROR })
    expect(quiet?.events.map(({ name, attributes }) => [name, Object.keys(attributes ?? {})])).toEqual([
      ['exception', ['exception.type', 'exception.stacktrace']],
    ])
    expect(JSON.stringify(quiet?.events)).not.toContain('nowhere')
    expect(loud?.status.message).toBe('no such table: nowhere')
    expect(loud?.events[0]?.attributes?.['exception.message']).toBe('no such table: nowhere')
  })

  it('is the parent of the spans of the driver, also when it is sampled out', async () => {
    for (const sampler of [undefined, new AlwaysOffSampler()]) {
      const telemetry = createTestTelemetry(sampler)
      registerTelemetry(telemetry)
      const instrumentation = instrument()
      const inside: string[] = []
      const database = openSqliteDatabase(
        () => void inside.push(trace.getActiveSpan()?.spanContext().spanId ?? ''),
      )
      const other = new Kysely<Database>(querylens({ dialect: new SqliteDialect({ database }) }))
      await sql`select 1`.execute(other)
      if (sampler === undefined) expect(inside).toEqual([telemetry.spans[0]?.spanContext().spanId])
      else expect(inside[0]).toMatch(/^[0-9a-f]{16}$/)
      instrumentation.disable()
      unregisterTelemetry()
    }
  })
})

describe('the span of a transaction', () => {
  it('is INTERNAL and the parent of all its statements', async () => {
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    instrument()
    await inSpan('request', () =>
      db.transaction().execute(async (trx) => {
        await trx.insertInto('person').values({ id: 1, name: 'Ada' }).execute()
      }),
    )
    const byName = new Map(telemetry.spans.map((span) => [span.name, span]))
    const transaction = byName.get('transaction')
    expect(transaction?.kind).toBe(SpanKind.INTERNAL)
    expect(transaction?.parentSpanContext?.spanId).toBe(byName.get('request')?.spanContext().spanId)
    for (const name of ['begin', 'insert person', 'commit']) {
      expect(byName.get(name)?.parentSpanContext?.spanId).toBe(transaction?.spanContext().spanId)
    }
    expect(transaction?.attributes).toMatchObject({
      'querylens.transaction.outcome': 'committed',
      'querylens.transaction.query_count': 1,
    })
  })

  it('leaves a query to a span that the application opens inside, and the query links to it', async () => {
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    instrument()
    await db
      .transaction()
      .execute((trx) => inSpan('step', () => trx.selectFrom('person').selectAll().execute()))
    const byName = new Map(telemetry.spans.map((span) => [span.name, span]))
    const query = byName.get('select person')
    expect(query?.parentSpanContext?.spanId).toBe(byName.get('step')?.spanContext().spanId)
    expect(query?.links.map((link) => link.context.spanId)).toEqual([
      byName.get('transaction')?.spanContext().spanId,
    ])
  })

  it('is missing with transactionSpans: false', async () => {
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    instrument({ transactionSpans: false })
    await db.transaction().execute((trx) => trx.selectFrom('person').selectAll().execute())
    expect(telemetry.spans.map(({ name }) => name)).toEqual(['begin', 'select person', 'commit'])
  })
})

describe('an unsampled trace', () => {
  it('has no spans of queries', async () => {
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    instrument()
    const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.NONE }
    const unsampled = trace.wrapSpanContext(parent)
    await context.with(trace.setSpan(context.active(), unsampled), () => sql`select 1`.execute(db))
    expect(telemetry.spans).toEqual([])
  })
})

async function inSpan<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  return await trace.getTracer('test').startActiveSpan(name, async (span) => {
    try {
      return await work()
    } finally {
      span.end()
    }
  })
}
