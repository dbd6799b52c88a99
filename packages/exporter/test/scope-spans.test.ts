import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { AlwaysOffSampler, type ReadableSpan, type Sampler } from '@opentelemetry/sdk-trace'
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
  type TestTelemetry,
} from './support/telemetry.js'

let db: Kysely<unknown>
let instrumentation: QuerylensInstrumentation | undefined

beforeEach(() => {
  db = new Kysely(querylens({ dialect: new SqliteDialect({ database: openSqliteDatabase() }) }))
})
afterEach(async () => {
  instrumentation?.disable()
  await db.destroy()
  unregisterTelemetry()
})

function start(options?: QuerylensInstrumentationOptions, sampler?: Sampler): TestTelemetry {
  const telemetry = createTestTelemetry(sampler)
  registerTelemetry(telemetry)
  instrumentation = new QuerylensInstrumentation(options)
  return telemetry
}

const query = (): Promise<unknown> => sql`select 1`.execute(db)
const fail = (): Promise<unknown> => sql`select * from nowhere`.execute(db)
const namesOf = ({ spans }: TestTelemetry): string[] => spans.map(({ name }) => name)
const nanosOf = ([seconds, nanoseconds]: ReadableSpan['startTime']): bigint =>
  BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)

describe('a unit of work without a span around it', () => {
  it('is one trace, with a span of its own around its queries', async () => {
    const telemetry = start()
    expect(await runInScope('nightly-report', async () => (await query(), await query(), 'done'))).toBe(
      'done',
    )
    const [first, second, root] = telemetry.spans
    expect(root).toMatchObject({
      name: 'nightly-report',
      kind: SpanKind.INTERNAL,
      attributes: { 'querylens.scope.name': 'nightly-report' },
      status: { code: SpanStatusCode.UNSET },
    })
    expect(root?.parentSpanContext).toBeUndefined()
    for (const span of [first!, second!]) {
      expect(span.parentSpanContext?.spanId).toBe(root?.spanContext().spanId)
      expect(nanosOf(span.startTime)).toBeGreaterThanOrEqual(nanosOf(root!.startTime))
      expect(nanosOf(span.endTime)).toBeLessThanOrEqual(nanosOf(root!.endTime))
    }
    expect(telemetry.spans).toHaveLength(3)
  })

  it('holds the queries that it has sent when it ends before them', async () => {
    const telemetry = start()
    let pending: Promise<unknown> | undefined
    runInScope('sync', () => {
      pending = query()
      return 7
    })
    await pending
    expect(namesOf(telemetry)).toEqual(['sync', 'select'])
    const traces = new Set(telemetry.spans.map((span) => span.spanContext().traceId))
    expect(traces.size).toBe(1)
  })

  it('has one span with all units of work inside it, and none after it', async () => {
    const telemetry = start()
    await runInScope('outer', () => runInScope('inner', query))
    expect(namesOf(telemetry)).toEqual(['select', 'outer'])
    expect(trace.getSpan(context.active())).toBeUndefined()
    await query()
    expect(telemetry.spans.at(-1)?.parentSpanContext).toBeUndefined()
  })

  it('shows that it failed, and passes on how', async () => {
    const telemetry = start()
    const error = await runInScope('fails', fail).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ message: 'no such table: nowhere' })
    const thrown = new TypeError('s3cret')
    expect(() =>
      runInScope('throws', () => {
        throw thrown
      }),
    ).toThrow(thrown)
    const [, failed, broken] = telemetry.spans
    expect([failed?.name, failed?.status]).toEqual(['fails', { code: SpanStatusCode.ERROR }])
    expect([broken?.name, broken?.status]).toEqual(['throws', { code: SpanStatusCode.ERROR }])
    expect(broken?.attributes).toEqual({ 'querylens.scope.name': 'throws', 'error.type': 'TypeError' })
    expect(JSON.stringify([failed, broken].map((span) => [span?.attributes, span?.events]))).not.toMatch(
      /s3cret|nowhere/,
    )
  })

  it('says what went wrong where that is asked for', async () => {
    const telemetry = start({ errorMessages: true })
    await runInScope('fails', fail).catch(() => {})
    expect(telemetry.spans.at(-1)?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'no such table: nowhere',
    })
  })

  it('is sampled as a whole', async () => {
    const telemetry = start({}, new AlwaysOffSampler())
    const flags = runInScope('unsampled', () => trace.getSpan(context.active())?.spanContext().traceFlags)
    expect(flags).toBe(0)
    await runInScope('unsampled', query)
    expect(telemetry.spans).toEqual([])
  })

  it('ends with the instrumentation, and has no further queries', async () => {
    const telemetry = start()
    await runInScope('long', async () => {
      await query()
      instrumentation?.disable()
      expect(namesOf(telemetry)).toEqual(['select', 'long'])
      await query()
    })
    expect(namesOf(telemetry)).toEqual(['select', 'long'])
    expect(channels.scopeStart.hasSubscribers).toBe(false)
    await runInScope('later', query)
    expect(telemetry.spans).toHaveLength(2)
  })

  it('is not ended once more with the instrumentation', async () => {
    start()
    const complaints = captureDiag()
    await runInScope('short', query)
    instrumentation?.disable()
    expect(complaints).toEqual([])
  })

  it('begins a trace also where the SDK came after the instrumentation and no query has run', async () => {
    instrumentation = new QuerylensInstrumentation()
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    await runInScope('first', query)
    expect(namesOf(telemetry)).toEqual(['select', 'first'])
  })
})

describe('a unit of work in a span', () => {
  it('has that one alone', async () => {
    const telemetry = start()
    const tracer = telemetry.tracerProvider.getTracer('test')
    await tracer.startActiveSpan('message', async (span) => {
      await runInScope('job', query)
      span.end()
    })
    expect(namesOf(telemetry)).toEqual(['select', 'message'])
    expect(telemetry.spans[0]?.parentSpanContext?.spanId).toBe(telemetry.spans[1]?.spanContext().spanId)
  })
})

describe('a unit of work without an SDK for traces', () => {
  it('runs as it would without us', async () => {
    instrumentation = new QuerylensInstrumentation()
    expect(await runInScope('bare', () => Promise.resolve(trace.getSpan(context.active())))).toBeUndefined()
    const { meterProvider } = createTestTelemetry()
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    instrumentation.setMeterProvider(meterProvider)
    expect(
      await runInScope('metrics', () => Promise.resolve(trace.getSpan(context.active()))),
    ).toBeUndefined()
  })
})
