import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { context, SpanKind, trace, type Span } from '@opentelemetry/api'
import { RPCType, setRPCMetadata } from '@opentelemetry/core'
import { SamplingDecision, type ReadableSpan, type Sampler } from '@opentelemetry/sdk-trace'
import { channels, runInScope } from '@querylens/core'
import { clock } from '@querylens/core/internal'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { openSqliteDatabase } from '../../../kysely-plugin/test/support/sqlite-database.js'
import { QuerylensInstrumentation } from '../../src/index.js'
import { querylensSpanProcessor } from '../../src/sdk/index.js'
import {
  createTestTelemetry,
  registerTelemetry,
  unregisterTelemetry,
  type TestTelemetry,
} from '../support/telemetry.js'

/** Samples all spans but those of queries. */
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

/** Registers an SDK with the span processor of Querylens, and enables the instrumentation. */
function start(sampler?: Sampler): TestTelemetry {
  return startWith(createTestTelemetry(sampler, [querylensSpanProcessor()]))
}

function startWith(telemetry: TestTelemetry): TestTelemetry {
  registerTelemetry(telemetry)
  instrumentation = new QuerylensInstrumentation()
  return telemetry
}

/** An SDK that calls no `onEnding`, as before 2.3. */
function telemetryBeforeOnEnding(): TestTelemetry {
  const telemetry = createTestTelemetry(undefined, [querylensSpanProcessor()])
  Object.assign(Reflect.get(telemetry.tracerProvider, '_activeSpanProcessor') as object, {
    onEnding: undefined,
  })
  return telemetry
}

async function listPets(from: Pick<typeof db, 'selectFrom'> = db): Promise<void> {
  const persons = await from.selectFrom('person').selectAll().execute()
  for (const { id } of persons) await from.selectFrom('pet').selectAll().where('person_id', '=', id).execute()
}

async function repeatQuery(): Promise<void> {
  for (let time = 0; time < 3; time++) await db.selectFrom('person').selectAll().where('id', '=', 1).execute()
}

/** The counts that findings have when they open, while work runs. */
async function openingsOf(work: () => Promise<unknown>): Promise<readonly number[]> {
  const counts: number[] = []
  const note = ({ count }: { readonly count: number }): void => void counts.push(count)
  channels.findingOpened.subscribe(note)
  await work().finally(() => channels.findingOpened.unsubscribe(note))
  return counts
}

/** Runs work in a span, which `wrap` may replace by another one, and ends the span. */
async function inSpan(
  { tracerProvider }: TestTelemetry,
  work: () => Promise<unknown>,
  wrap: (span: Span) => Span = (span) => span,
): Promise<void> {
  await tracerProvider.getTracer('test').startActiveSpan('request', async (span) => {
    const wrapped = wrap(span)
    await context.with(trace.setSpan(context.active(), wrapped), work)
    wrapped.end()
  })
}

/** Answers one HTTP request after some work, in a span as `instrumentation-http` makes it. */
async function serve({ tracerProvider }: TestTelemetry, work: () => Promise<unknown>): Promise<void> {
  const tracer = tracerProvider.getTracer('test')
  const server = createServer((_request, response) => {
    const span = tracer.startSpan('request')
    response.on('close', () => span.end())
    const inside = trace.setSpan(context.active(), span)
    const at = setRPCMetadata(inside, { type: RPCType.HTTP, span })
    void context.with(at, work).finally(() => response.end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer()
  await new Promise((resolve) => server.close(resolve))
}

const countsOf = ({ spans }: TestTelemetry): unknown[] =>
  spans.map(({ attributes }) => attributes['querylens.n_plus_one.count']).filter(Boolean)
const requestOf = ({ spans }: TestTelemetry): ReadableSpan | undefined =>
  spans.find(({ name }) => name === 'request')
const briefsOf = (span: ReadableSpan | undefined): unknown =>
  span?.events.map(({ attributes }) => attributes?.['querylens.finding.brief'])
const eventNames = (span: ReadableSpan | undefined): unknown => span?.events.map(({ name }) => name)

describe('the span around a loop', () => {
  it('has the finding where a sampler leaves the queries out', async () => {
    const telemetry = start(withoutQueries)
    await inSpan(telemetry, () => runInScope('request', listPets))
    expect(requestOf(telemetry)?.attributes['querylens.n_plus_one.count']).toBe(3)
    expect(eventNames(requestOf(telemetry))).toEqual(['querylens.finding'])
    expect(telemetry.spans.map(({ kind }) => kind)).not.toContain(SpanKind.CLIENT)
  })

  it('has the figures so far where it ends before the scope', async () => {
    const telemetry = start()
    await runInScope('job', async () => {
      await inSpan(telemetry, listPets)
      expect(requestOf(telemetry)?.attributes['querylens.n_plus_one.count']).toBe(3)
      expect(requestOf(telemetry)?.events[0]?.attributes?.['querylens.finding.brief']).toMatch(
        /^N\+1 so far: 3x/,
      )
    })
  })

  it('has the figures so far where the application wraps it', async () => {
    const telemetry = start()
    const wrap = (span: Span): Span => new Proxy(span, { set: () => false, get: bound })
    await runInScope('job', () => inSpan(telemetry, listPets, wrap))
    expect(requestOf(telemetry)?.attributes['querylens.n_plus_one.count']).toBe(3)
    expect(eventNames(requestOf(telemetry))).toEqual(['querylens.finding'])
  })

  it('keeps its own methods', async () => {
    const telemetry = start()
    let names: string[] = []
    await inSpan(
      telemetry,
      () => runInScope('request', listPets),
      (span) => {
        names = Object.keys(span)
        return span
      },
    )
    expect(names).not.toContain('end')
    expect(Object.keys(requestOf(telemetry)!)).toEqual(names)
  })
})

describe.each([
  ['without the span processor', () => createTestTelemetry()],
  ['with an SDK that calls no onEnding', telemetryBeforeOnEnding],
])('the span around a loop, %s', (_, create) => {
  it('has the event of the opening and the final attributes where it ends after the scope', async () => {
    const telemetry = startWith(create())
    const [opening] = await openingsOf(() => inSpan(telemetry, () => runInScope('request', listPets)))
    expect(requestOf(telemetry)?.attributes['querylens.n_plus_one.count']).toBe(3)
    expect(briefsOf(requestOf(telemetry))).toEqual([
      expect.stringMatching(`^N\\+1 so far: ${opening}x select pet `),
    ])
  })

  it('has the event and the attributes of the opening where it ends before the scope', async () => {
    const telemetry = startWith(create())
    const openings = await openingsOf(() => runInScope('job', () => inSpan(telemetry, listPets)))
    expect(openings).toEqual([expect.any(Number)])
    expect(requestOf(telemetry)?.attributes).toMatchObject({
      'querylens.finding.kinds': ['n_plus_one'],
      'querylens.n_plus_one.detected': true,
      'querylens.n_plus_one.count': openings[0],
      'querylens.n_plus_one.source.summary': 'select person',
    })
    expect(openings[0]).toBeLessThan(3)
    expect(briefsOf(requestOf(telemetry))).toEqual([
      expect.stringMatching(`^N\\+1 so far: ${openings[0]}x select pet `),
    ])
  })

  it.each(['before', 'after'])('has one event of a duplicate where it ends %s the scope', async (when) => {
    const telemetry = startWith(create())
    if (when === 'before') await runInScope('job', () => inSpan(telemetry, repeatQuery))
    else await inSpan(telemetry, () => runInScope('job', repeatQuery))
    expect(requestOf(telemetry)?.attributes).toEqual({ 'querylens.finding.kinds': ['duplicate_query'] })
    expect(briefsOf(requestOf(telemetry))).toEqual([
      expect.stringMatching(/^duplicate query so far: 2x select person /),
    ])
  })

  it('has one event, with the figures of its end, where Querylens ends it', async () => {
    const telemetry = startWith(create())
    await runInScope('job', () => db.transaction().execute(listPets))
    const briefs = ['transaction', 'job'].map((name) =>
      briefsOf(telemetry.spans.find((span) => span.name === name)),
    )
    expect(briefs).toEqual([
      [expect.stringMatching(/^N\+1 so far: 3x/)],
      [expect.stringMatching(/^N\+1: 3x/)],
    ])
  })

  it('has one event, with the final figures, where it is the span of the request', async () => {
    const telemetry = startWith(create())
    await serve(telemetry, listPets)
    expect(briefsOf(requestOf(telemetry))).toEqual([expect.stringMatching(/^N\+1: 3x/)])
  })

  it('has the figures of the worst of two loops', async () => {
    const telemetry = startWith(create())
    await inSpan(telemetry, () =>
      runInScope('request', async () => {
        await listPets()
        for (let id = 0; id < 50; id++) await sql`select ${id} from person where id = ${id}`.execute(db)
      }),
    )
    expect(requestOf(telemetry)?.attributes['querylens.n_plus_one.count']).toBe(50)
    expect(eventNames(requestOf(telemetry))).toEqual(['querylens.finding', 'querylens.finding'])
  })
})

describe('the span of the query that reaches the limit', () => {
  it('has the place of the loop where the query fails', async () => {
    const telemetry = start()
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
      'code.file.path': 'packages/exporter/test/findings/finding-spans.test.ts',
      'code.function.name': 'loopOverPersons',
    })
  })

  it('waits for half a minute and no longer for a scope that goes on', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(clock, 'setTimeout').mockImplementation(setTimeout)
    vi.spyOn(clock, 'clearTimeout').mockImplementation(clearTimeout)
    const telemetry = start()
    await runInScope('job', async () => {
      await listPets()
      vi.advanceTimersByTime(29_000)
      expect(countsOf(telemetry)).toEqual([])
      vi.advanceTimersByTime(2_000)
      expect(countsOf(telemetry)).toEqual([3])
    }).finally(() => {
      vi.useRealTimers()
      vi.restoreAllMocks()
    })
    // The second is the scope's span.
    expect(countsOf(telemetry)).toEqual([3, 3])
  })

  it('waits without the span processor, too', async () => {
    const telemetry = startWith(createTestTelemetry())
    await runInScope('job', async () => {
      await listPets()
      expect(countsOf(telemetry)).toEqual([])
    })
    expect(countsOf(telemetry)).toEqual([3, 3])
    const [crossing] = telemetry.spans.filter(({ events }) => events.length > 0)
    expect(crossing?.endTime).toEqual(expect.any(Array))
    expect(crossing?.events).toHaveLength(1)
  })

  it('ends with the figures so far at a flush, and is not written again', async () => {
    const telemetry = start()
    await runInScope('job', async () => {
      await listPets()
      await telemetry.tracerProvider.forceFlush()
      expect(countsOf(telemetry)).toEqual([3])
    })
    expect(countsOf(telemetry)).toEqual([3, 3])
    const [crossing] = telemetry.spans.filter(({ events }) => events.length > 0)
    expect(crossing?.events).toHaveLength(1)
  })

  it('ends when the instrumentation is disabled', async () => {
    const telemetry = start()
    await runInScope('job', async () => {
      await listPets()
      instrumentation?.disable()
      expect(countsOf(telemetry)).toEqual([3, 3])
    })
  })

  it('ends with the query where the instrumentation is disabled before, until it is enabled again', async () => {
    const telemetry = start()
    const disable = (): void => instrumentation?.disable()
    channels.findingOpened.subscribe(disable)
    await runInScope('job', async () => {
      await listPets()
      channels.findingOpened.unsubscribe(disable)
      await telemetry.tracerProvider.forceFlush()
      const [crossing] = telemetry.spans.filter(
        ({ kind, events }) => kind === SpanKind.CLIENT && events.length > 0,
      )
      expect(briefsOf(crossing)).toEqual([expect.stringMatching(/^N\+1 so far: \dx select pet /)])
    })
    telemetry.spans.length = 0
    instrumentation?.enable()
    await runInScope('job', async () => {
      await listPets()
      expect(countsOf(telemetry)).toEqual([])
    })
    expect(countsOf(telemetry)).toEqual([3, 3])
  })

  it('ends although another subscriber freezes the finding', async () => {
    const telemetry = start()
    const freeze = (finding: object): void => void Object.freeze(finding)
    channels.findingOpened.subscribe(freeze)
    const before = telemetry.spans.length
    await runInScope('job', async () => {
      await listPets()
      await telemetry.tracerProvider.forceFlush()
      expect(telemetry.spans.length - before).toBe(4)
    }).catch(() => {})
    channels.findingOpened.unsubscribe(freeze)
    expect(telemetry.spans.length - before).toBe(5)
  })
})

describe('the span of a scope', () => {
  it.each(['of its own', 'in which it began'])(
    'has the findings that are made below another span: %s',
    async (which) => {
      const telemetry = start()
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

  it('ends at a shutdown, after the spans that wait', async () => {
    const telemetry = start()
    await runInScope('job', async () => {
      await listPets()
      await telemetry.tracerProvider.shutdown()
      expect(telemetry.spans.slice(-2).map(({ name }) => name)).toEqual(['select pet', 'job'])
      expect(countsOf(telemetry)).toEqual([3, 3])
    })
    expect(telemetry.spans.filter(({ name }) => name === 'job')).toHaveLength(1)
  })
})

/** Methods of the SDK's spans need their own object. */
function bound(target: Span, name: keyof Span): unknown {
  const value: unknown = target[name]
  return typeof value === 'function' ? value.bind(target) : value
}
