import { context, SpanKind, trace, type Span } from '@opentelemetry/api'
import { SamplingDecision, type Sampler } from '@opentelemetry/sdk-trace'
import { channels, runInScope } from '@querylens/core'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { openSqliteDatabase } from '../../kysely-plugin/test/support/sqlite-database.js'
import { QuerylensInstrumentation } from '../src/index.js'
import {
  createTestTelemetry,
  registerTelemetry,
  unregisterTelemetry,
  type TestTelemetry,
} from './support/telemetry.js'

/** Samples all but what goes to a database. */
const withoutQueries: Sampler = {
  shouldSample: (_parent, _traceId, _name, kind) => ({
    decision: kind === SpanKind.CLIENT ? SamplingDecision.NOT_RECORD : SamplingDecision.RECORD_AND_SAMPLED,
  }),
  toString: () => 'withoutQueries',
}

let db: Kysely<{ person: { id: number }; pet: { person_id: number } }>
let instrumentation: QuerylensInstrumentation | undefined

beforeEach(async () => {
  db = new Kysely(querylens({ dialect: new SqliteDialect({ database: openSqliteDatabase() }) }))
  await sql`create table person (id integer primary key)`.execute(db)
  await sql`create table pet (person_id integer)`.execute(db)
  await sql`insert into person values (1), (2), (3)`.execute(db)
})
afterEach(async () => {
  instrumentation?.disable()
  await db.destroy()
  unregisterTelemetry()
})

function start(telemetry: TestTelemetry): void {
  registerTelemetry(telemetry)
  instrumentation = new QuerylensInstrumentation()
}

async function listPets(): Promise<void> {
  const persons = await db.selectFrom('person').selectAll().execute()
  for (const { id } of persons) await db.selectFrom('pet').selectAll().where('person_id', '=', id).execute()
}

/** Runs the loop in a span, which `wrap` may replace by another one. */
async function runLoop(telemetry: TestTelemetry, wrap: (span: Span) => Span = (span) => span): Promise<void> {
  const tracer = telemetry.tracerProvider.getTracer('test')
  await tracer.startActiveSpan('request', async (span) => {
    await context.with(trace.setSpan(context.active(), wrap(span)), () => runInScope('request', listPets))
    span.end()
  })
}

describe('the span around a loop', () => {
  it('tells of it where a sampler leaves the queries out', async () => {
    const telemetry = createTestTelemetry(withoutQueries)
    start(telemetry)
    await runLoop(telemetry)
    const request = telemetry.spans.find(({ name }) => name === 'request')
    expect(request?.attributes['querylens.n_plus_one.count']).toBe(3)
    expect(request?.events.map(({ name }) => name)).toEqual(['querylens.finding'])
    expect(telemetry.spans.map(({ kind }) => kind)).not.toContain(SpanKind.CLIENT)
  })

  it('tells of it when the scope ends, where it takes no method of ours', async () => {
    const telemetry = createTestTelemetry()
    start(telemetry)
    await runLoop(telemetry, (span) => new Proxy(span, { set: () => false, get: bound }))
    const request = telemetry.spans.find(({ name }) => name === 'request')
    expect(request?.attributes['querylens.n_plus_one.count']).toBe(3)
    expect(request?.events.map(({ name }) => name)).toEqual(['querylens.finding'])
  })
})

describe('the span of the query that crosses the threshold', () => {
  it('has the place of the loop where the query failed, too', async () => {
    const telemetry = createTestTelemetry()
    start(telemetry)
    await runInScope('job', async function loopOverPersons() {
      const persons = await db.selectFrom('person').selectAll().execute()
      for (const { id } of persons) {
        await sql`select * from nowhere where person_id = ${id}`.execute(db).catch(() => {})
      }
    })
    const failed = telemetry.spans.filter(({ attributes }) => attributes['error.type'] !== undefined)
    expect(failed).toHaveLength(3)
    const [crossing] = failed.filter(({ events }) => events.some(({ name }) => name === 'querylens.finding'))
    expect(crossing?.attributes).toMatchObject({
      'code.file.path': 'packages/exporter/test/finding-spans.test.ts',
      'code.function.name': 'loopOverPersons',
    })
  })

  it('waits for half a minute and no longer for a scope that goes on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const telemetry = createTestTelemetry()
    start(telemetry)
    const counts = (): unknown[] =>
      telemetry.spans.map(({ attributes }) => attributes['querylens.n_plus_one.count']).filter(Boolean)
    await runInScope('job', async () => {
      await listPets()
      vi.advanceTimersByTime(29_000)
      expect(counts()).toEqual([])
      vi.advanceTimersByTime(2_000)
      expect(counts()).toEqual([3])
    }).finally(() => vi.useRealTimers())
    // That of the unit of work itself.
    expect(counts()).toEqual([3, 3])
  })
})

describe('the span of a unit of work', () => {
  it.each(['of its own', 'in which it began'])(
    'tells of what is found below another one: %s',
    async (which) => {
      const telemetry = createTestTelemetry()
      start(telemetry)
      const tracer = telemetry.tracerProvider.getTracer('test')
      const job = (): Promise<unknown> =>
        runInScope('job', () =>
          tracer.startActiveSpan('service', (span) => listPets().finally(() => span.end())),
        )
      if (which === 'of its own') await job()
      else await tracer.startActiveSpan('job', (span) => job().finally(() => span.end()))
      const spans = telemetry.spans.filter(({ name }) => name === 'job')
      expect(spans.map(({ attributes }) => attributes['querylens.n_plus_one.count'])).toEqual([3])
      expect(spans[0]?.events).toHaveLength(1)
    },
  )
})

describe('a span that waits', () => {
  const countsOf = ({ spans }: TestTelemetry): unknown[] =>
    spans.map(({ attributes }) => attributes['querylens.n_plus_one.count']).filter(Boolean)

  it('is released with the figures so far, and not written again', async () => {
    const telemetry = createTestTelemetry()
    start(telemetry)
    await runInScope('job', async () => {
      await listPets()
      expect(countsOf(telemetry)).toEqual([])
      instrumentation?.releaseSpans()
      expect(countsOf(telemetry)).toEqual([3])
    })
    expect(countsOf(telemetry)).toEqual([3, 3])
    const [crossing] = telemetry.spans.filter(({ events }) => events.length > 0)
    expect(crossing?.events).toHaveLength(1)
  })

  it('is released by those who disable the instrumentation', async () => {
    const telemetry = createTestTelemetry()
    start(telemetry)
    await runInScope('job', async () => {
      await listPets()
      instrumentation?.disable()
      expect(countsOf(telemetry)).toEqual([3, 3])
    })
  })

  it('ends, whatever another subscriber does to the finding', async () => {
    const telemetry = createTestTelemetry()
    start(telemetry)
    const freeze = (finding: unknown): void => void Object.freeze(finding)
    channels.finding.subscribe(freeze)
    const before = telemetry.spans.length
    await runInScope('job', async () => {
      await listPets()
      instrumentation?.releaseSpans()
      expect(telemetry.spans.length - before).toBe(4)
    }).catch(() => {})
    channels.finding.unsubscribe(freeze)
    expect(telemetry.spans.length - before).toBe(5)
  })
})

/** Methods of the SDK's spans need their own object. */
function bound(target: Span, name: keyof Span): unknown {
  const value: unknown = target[name]
  return typeof value === 'function' ? value.bind(target) : value
}
