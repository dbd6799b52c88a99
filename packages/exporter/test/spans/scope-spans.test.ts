import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { context, INVALID_SPAN_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AlwaysOffSampler,
  ParentBasedSampler,
  SamplingDecision,
  type ReadableSpan,
  type Sampler,
} from '@opentelemetry/sdk-trace'
import { channels, currentScope, runInScope, type ScopeOpening } from '@querylens/core'
import { activateIn } from '@querylens/core/recorder'
import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { openSqliteDatabase } from '../../../kysely-plugin/test/support/sqlite-database.js'
import { QuerylensInstrumentation, type QuerylensInstrumentationOptions } from '../../src/index.js'
import {
  captureDiag,
  createTestTelemetry,
  registerTelemetry,
  unregisterTelemetry,
  type TestTelemetry,
} from '../support/telemetry.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

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

describe('a scope without a span around it', () => {
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

  it('has the queries in its trace that end after it', async () => {
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

  it('shares its span with the scopes inside it', async () => {
    const telemetry = start()
    await runInScope('outer', () => runInScope('inner', query))
    expect(namesOf(telemetry)).toEqual(['select', 'outer'])
    expect(trace.getSpan(context.active())).toBeUndefined()
    await query()
    expect(telemetry.spans.at(-1)?.parentSpanContext).toBeUndefined()
  })

  it('marks its span as failed when its work throws', async () => {
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

  it('has the message of the error with errorMessages', async () => {
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

  it('ends its span when the instrumentation is disabled', async () => {
    const telemetry = start()
    await runInScope('long', async () => {
      await query()
      instrumentation?.disable()
      expect(namesOf(telemetry)).toEqual(['select', 'long'])
      await query()
    })
    expect(namesOf(telemetry)).toEqual(['select', 'long'])
    const [inside, long] = telemetry.spans
    expect(nanosOf(inside!.endTime)).toBeLessThanOrEqual(nanosOf(long!.endTime))
    expect(channels.scopeStart.hasSubscribers).toBe(false)
    await runInScope('later', query)
    expect(telemetry.spans).toHaveLength(2)
  })

  it('begins its span with the scope, inside the context of other subscribers', async () => {
    const telemetry = start()
    const openings: ScopeOpening[] = []
    const order: string[] = []
    const choose = (opening: ScopeOpening): void => {
      openings.push(opening)
      activateIn(opening, (operation) => {
        order.push('theirs')
        return operation()
      })
    }
    // Before ours, and after it.
    instrumentation?.disable()
    channels.scopeStart.subscribe(choose)
    instrumentation?.enable()
    await runInScope('job', query)
    channels.scopeStart.unsubscribe(choose)
    channels.scopeStart.subscribe(choose)
    await runInScope('job', query)
    channels.scopeStart.unsubscribe(choose)
    expect(order).toEqual(['theirs', 'theirs'])
    expect(namesOf(telemetry)).toEqual(['select', 'job', 'select', 'job'])
    const [first, , second] = telemetry.spans
    expect([first, second].map((span) => span?.parentSpanContext?.spanId)).toEqual(
      [1, 3].map((index) => telemetry.spans[index]?.spanContext().spanId),
    )
    const millis = Number(nanosOf(telemetry.spans[1]!.startTime)) / 1e6
    expect(millis).toBeCloseTo(openings[0]!.scope.startTimeMillis, 2)
  })

  it('stays out of memory when it never ends', async () => {
    start()
    const kept: WeakRef<object>[] = []
    for (let count = 0; count < 10; count++) {
      void runInScope('stuck', () => {
        kept.push(new WeakRef(currentScope()!), new WeakRef(trace.getSpan(context.active())!))
        return new Promise(() => {})
      })
    }
    await vi.waitFor(() => {
      collectGarbage()
      expect(kept.filter((reference) => reference.deref() !== undefined)).toEqual([])
    })
  })

  it('does not end its span twice', async () => {
    start()
    const complaints = captureDiag()
    await runInScope('short', query)
    instrumentation?.disable()
    expect(complaints).toEqual([])
  })

  it('begins a trace where the SDK is registered after the instrumentation', async () => {
    instrumentation = new QuerylensInstrumentation()
    const telemetry = createTestTelemetry()
    registerTelemetry(telemetry)
    await runInScope('first', query)
    expect(namesOf(telemetry)).toEqual(['select', 'first'])
  })
})

describe('a scope in the context of a span', () => {
  const remote = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1, isRemote: true }

  it('continues the trace of a span of another process', async () => {
    const telemetry = start()
    await context.with(trace.setSpanContext(context.active(), remote), () => runInScope('message', query))
    expect(namesOf(telemetry)).toEqual(['select', 'message'])
    expect(telemetry.spans[1]?.parentSpanContext).toMatchObject({ spanId: remote.spanId })
    expect(telemetry.spans[0]?.parentSpanContext?.spanId).toBe(telemetry.spans[1]?.spanContext().spanId)
  })

  it('begins a trace in the context of an invalid span', async () => {
    const telemetry = start()
    await context.with(trace.setSpanContext(context.active(), INVALID_SPAN_CONTEXT), () =>
      runInScope('job', async () => (await query(), await query())),
    )
    expect(namesOf(telemetry)).toEqual(['select', 'select', 'job'])
    expect(new Set(telemetry.spans.map((span) => span.spanContext().traceId)).size).toBe(1)
  })

  it('begins a trace with a link to a span that has ended', async () => {
    const telemetry = start()
    const ticks = await runInScope('start-up', async () => {
      await query()
      const tick = (): Promise<unknown> => runInScope('tick', query)
      return [1, 2].map((after) => new Promise((done) => setTimeout(() => done(tick()), 5 * after)))
    })
    await Promise.all(ticks)
    expect(namesOf(telemetry)).toEqual(['select', 'start-up', 'select', 'tick', 'select', 'tick'])
    const startUp = telemetry.spans[1]
    for (const tick of telemetry.spans.filter(({ name }) => name === 'tick')) {
      expect(tick.parentSpanContext).toBeUndefined()
      expect(tick.links.map((link) => link.context.spanId)).toEqual([startUp?.spanContext().spanId])
    }
    expect(new Set(telemetry.spans.map((span) => span.spanContext().traceId)).size).toBe(3)
  })
})

describe('a scope that a timer of another scope starts', () => {
  it('has a sampling decision of its own', async () => {
    const root: Sampler = {
      shouldSample: (_context, _traceId, name) => ({
        decision: name === 'start-up' ? SamplingDecision.NOT_RECORD : SamplingDecision.RECORD_AND_SAMPLED,
      }),
    }
    const telemetry = start({}, new ParentBasedSampler({ root }))
    const [tick] = await runInScope('start-up', async () => [
      new Promise((done) => setTimeout(() => done(runInScope('tick', query)), 5)),
    ])
    await tick
    expect(namesOf(telemetry)).toEqual(['select', 'tick'])
  })
})

describe('queries after the end of a scope', () => {
  /** Runs `work` in a timer that is set in a scope, after the scope has ended. */
  async function later(work: () => Promise<unknown>, after = 400): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<unknown>()
    await runInScope('start-up', async () => {
      await query()
      setTimeout(() => resolve(work()), after)
    })
    await promise
  }
  /** A later scope ends one to two seconds after its last query. */
  const LONG = { timeout: 10_000 }

  it('are one trace for each turn of work, with a link to the span that has ended', async () => {
    const telemetry = start()
    await later(async () => {
      await query()
      await db.transaction().execute((transaction) => sql`select 2`.execute(transaction))
      await query()
    })
    await expect.poll(() => namesOf(telemetry), LONG).toContain('start-up (later)')
    const startUp = telemetry.spans.find(({ name }) => name === 'start-up')
    const root = telemetry.spans.find(({ name }) => name === 'start-up (later)')
    expect(root?.parentSpanContext).toBeUndefined()
    expect(root?.links.map((link) => link.context.spanId)).toEqual([startUp?.spanContext().spanId])
    const { traceId, spanId } = root!.spanContext()
    const inside = telemetry.spans.filter((span) => span !== root && span.spanContext().traceId === traceId)
    expect(inside.map(({ name }) => name).toSorted()).toEqual([
      'begin',
      'commit',
      'select',
      'select',
      'select',
      'transaction',
    ])
    const children = inside.filter((span) => span.parentSpanContext?.spanId === spanId)
    expect(children.map(({ name }) => name)).toEqual(['select', 'transaction', 'select'])
    for (const span of inside) expect(nanosOf(span.endTime)).toBeLessThanOrEqual(nanosOf(root!.endTime))
    // Of the query in the scope itself.
    const others = telemetry.spans.filter((span) => span.spanContext().traceId !== traceId)
    expect(others.map(({ name }) => name)).toEqual(['select', 'start-up'])
  })

  it('belong to the trace of the scope if they follow at once', async () => {
    const telemetry = start()
    await later(query, 0)
    expect(namesOf(telemetry)).toEqual(['select', 'start-up', 'select'])
    const [first, startUp, second] = telemetry.spans
    for (const span of [first, second]) {
      expect(span?.parentSpanContext?.spanId).toBe(startUp?.spanContext().spanId)
    }
    expect(second?.attributes['querylens.scope.name']).toBe('start-up (later)')
  })

  it('follow a request in its trace, and link to it from a timer', async () => {
    const telemetry = start()
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const server = createServer((async (_request, response) => {
      await query()
      setTimeout(() => resolve(query()), 250)
      response.end()
      await once(response, 'close')
      await query()
    }) as RequestListener)
    await new Promise<void>((listening) => server.listen(0, listening))
    await (await fetch(`http://localhost:${(server.address() as AddressInfo).port}/orders`)).text()
    await promise
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
    const request = telemetry.spans.find(({ kind }) => kind === SpanKind.SERVER)
    const queries = telemetry.spans.filter(({ name }) => name === 'select')
    expect(queries.map((span) => span.attributes['querylens.scope.name'])).toEqual([
      'GET /orders',
      'GET /orders (later)',
      'GET /orders (later)',
    ])
    const [first, after, timer] = queries
    for (const span of [first, after]) {
      expect(span?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    }
    await expect.poll(() => namesOf(telemetry), LONG).toContain('GET /orders (later)')
    const later = telemetry.spans.find(({ name }) => name === 'GET /orders (later)')
    expect(timer?.parentSpanContext?.spanId).toBe(later?.spanContext().spanId)
    expect(later?.parentSpanContext).toBeUndefined()
    expect(later?.links.map((link) => link.context.spanId)).toEqual([request?.spanContext().spanId])
  })

  it('stay in the span that the application has opened around them', async () => {
    const telemetry = start()
    const tracer = telemetry.tracerProvider.getTracer('test')
    await later(() =>
      tracer.startActiveSpan('tick', { root: true }, async (span) => {
        await query()
        span.end()
      }),
    )
    expect(namesOf(telemetry)).toEqual(['select', 'start-up', 'select', 'tick'])
    const [, , select, tick] = telemetry.spans
    expect(select?.parentSpanContext?.spanId).toBe(tick?.spanContext().spanId)
    expect(select?.attributes['querylens.scope.name']).toBe('start-up (later)')
  })
})

describe('a scope in a span', () => {
  it('has no span of its own', async () => {
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

describe('a scope without an SDK for traces', () => {
  it('has no span', async () => {
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
