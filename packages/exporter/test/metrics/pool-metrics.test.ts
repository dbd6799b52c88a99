import { SpanKind, metrics, trace } from '@opentelemetry/api'
import type { Instrumentation } from '@opentelemetry/instrumentation'
import { channels } from '@querylens/core'
import { createSession, recordAcquisition, recordQuery, recordRelease } from '@querylens/core/recorder'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { QuerylensInstrumentation } from '../../src/index.js'
import { databaseAttributes } from '../../src/operation-attributes.js'
import {
  createTestTelemetry,
  registerTelemetry,
  unregisterTelemetry,
  type TestTelemetry,
} from '../support/telemetry.js'

const database = Object.freeze({
  system: 'postgresql',
  namespace: 'shop',
  serverAddress: 'db',
  serverPort: 5432,
  poolName: 'pool',
})
const pause = (millis: number) => new Promise<void>((resolve) => setTimeout(resolve, millis))

let telemetry: TestTelemetry
let instrumentation: QuerylensInstrumentation

beforeEach(() => {
  telemetry = createTestTelemetry()
  registerTelemetry(telemetry)
  instrumentation = new QuerylensInstrumentation()
})
afterEach(() => {
  instrumentation.disable()
  unregisterTelemetry()
})

/** A wait of 40 ms for a connection that is used for 120 ms, with a query in it. */
async function useConnection(): Promise<void> {
  const session = createSession({ database })
  await recordAcquisition(
    { database },
    () => pause(40),
    () => session,
    undefined,
  )
  await recordQuery(session, { sql: 'select a from t' }, async () => ({ rows: [] }), undefined)
  await pause(120)
  recordRelease(session)
}

async function pointsOf(
  name: string,
  of: TestTelemetry = telemetry,
): Promise<{ value: unknown; attributes: object }[]> {
  const metric = (await of.collect()).find(({ descriptor }) => descriptor.name === name)
  return (metric?.dataPoints ?? []) as never
}

const sumOf = async (name: string): Promise<number> =>
  ((await pointsOf(name))[0]?.value as { sum: number } | undefined)?.sum ?? Number.NaN

describe('times of connections', () => {
  // Wide bounds: it is seconds that they tell from milliseconds, and a wait from a use.
  it('are in seconds', async () => {
    await useConnection()
    const wait = telemetry.spans[0]?.attributes['querylens.connection.wait_time'] as number
    expect(wait).toBeGreaterThan(0.03)
    expect(wait).toBeLessThan(30)
    expect(await sumOf('db.client.connection.wait_time')).toBeCloseTo(wait, 6)
    const use = await sumOf('db.client.connection.use_time')
    expect(use).toBeGreaterThan(0.1)
    expect(use).toBeLessThan(30)
    expect(await sumOf('db.client.operation.duration')).toBeLessThan(use)
  })

  it('appear on the first statement of a connection alone', async () => {
    const session = createSession({ database })
    await recordAcquisition(
      { database },
      () => pause(1),
      () => session,
      undefined,
    )
    recordRelease(session)
    await recordQuery(session, { sql: 'select a' }, async () => ({ rows: [] }), undefined)
    expect(telemetry.spans[0]?.attributes).not.toHaveProperty('querylens.connection.wait_time')
  })
})

describe('metrics of a pool', () => {
  it('count the connections in use and the requests that wait', async () => {
    const session = createSession({ database })
    let deliver: () => void = () => {}
    const waiting = recordAcquisition(
      { database },
      () => new Promise<void>((resolve) => (deliver = resolve)),
      () => session,
      undefined,
    )
    expect(await pointsOf('db.client.connection.pending_requests')).toMatchObject([{ value: 1 }])
    deliver()
    await waiting
    expect(await pointsOf('db.client.connection.pending_requests')).toMatchObject([{ value: 0 }])
    expect(await pointsOf('db.client.connection.count')).toMatchObject([
      {
        value: 1,
        attributes: { 'db.client.connection.state': 'used', 'db.client.connection.pool.name': 'pool' },
      },
    ])
    recordRelease(session)
    expect(await pointsOf('db.client.connection.count')).toMatchObject([{ value: 0 }])
  })

  it('count timeouts, and no other failure', async () => {
    const fail = (message: string): Promise<unknown> =>
      recordAcquisition(
        { database },
        () => Promise.reject(new Error(message)),
        () => createSession({ database }),
        undefined,
      ).catch(() => {})
    await fail('password authentication failed')
    expect(await pointsOf('db.client.connection.timeouts')).toEqual([])
    await fail('timeout exceeded when trying to connect')
    expect(await pointsOf('db.client.connection.timeouts')).toMatchObject([{ value: 1 }])
    expect(telemetry.spans.map(({ name, kind }) => ({ name, kind }))).toEqual([
      { name: 'acquire connection', kind: SpanKind.INTERNAL },
      { name: 'acquire connection', kind: SpanKind.INTERNAL },
    ])
  })

  it('move to a new meter provider', async () => {
    await useConnection()
    const other = createTestTelemetry()
    instrumentation.setMeterProvider(other.meterProvider)
    await useConnection()
    expect(await pointsOf('db.client.connection.count')).toEqual([])
    expect(await pointsOf('db.client.connection.count', other)).toHaveLength(1)
  })
})

describe('providers of QuerylensInstrumentation', () => {
  it('are the ones registered later, after no-op providers were set', async () => {
    unregisterTelemetry()
    const early = new QuerylensInstrumentation()
    try {
      early.setMeterProvider(metrics.getMeterProvider())
      early.setTracerProvider(trace.getTracerProvider())
      registerTelemetry(telemetry)
      await useConnection()
      expect(await pointsOf('db.client.operation.duration')).not.toEqual([])
    } finally {
      early.disable()
    }
  })

  it('wake a dormant instrumentation, also for connections in use', async () => {
    instrumentation.disable()
    unregisterTelemetry()
    const dormant = new QuerylensInstrumentation()
    try {
      expect(channels.query.hasSubscribers).toBe(false)
      dormant.setTracerProvider(telemetry.tracerProvider)
      expect(channels.query.hasSubscribers).toBe(true)
      dormant.setTracerProvider(telemetry.tracerProvider)
      await recordQuery(
        createSession({ database }),
        { sql: 'select a' },
        async () => ({ rows: [] }),
        undefined,
      )
      expect(telemetry.spans).toHaveLength(1)
    } finally {
      dormant.disable()
    }
    expect(channels.query.hasSubscribers).toBe(false)
  })
})

it('QuerylensInstrumentation has the type of an OpenTelemetry instrumentation', () => {
  const any: Instrumentation = instrumentation
  expect(any.instrumentationName).toBe('@querylens/exporter')
})

it('databaseAttributes leaves out the default port, as the conventions do', () => {
  expect(databaseAttributes(database)).not.toHaveProperty('server.port')
  expect(databaseAttributes({ ...database, serverPort: 5433 })).toHaveProperty(['server.port'], 5433)
})
