import {
  createJaegerClient,
  findFreePorts,
  startJaeger,
  type Jaeger,
  type JaegerPorts,
} from '@querylens/tool-jaeger'
import { startOtlpReceiver } from '@querylens/tool-otlp-receiver'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'

import { startShop, type ShopProcess } from '../../src/demo/shop-process.ts'
import { openShopUnderTest, type ShopUnderTest } from '../shop-under-test.ts'

const ARRIVAL_MILLIS = 60_000
/** Short intervals, so that the test sees the start and the end of an outage. */
const IMPATIENT = { OTEL_EXPORTER_OTLP_TIMEOUT: '700' }
const OUTAGE_MILLIS = 3_000
const TRACES_ONLY = {
  OTEL_BSP_SCHEDULE_DELAY: '100',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
}

let database: ShopUnderTest
let shop: ShopProcess | undefined
let jaeger: Jaeger | undefined

beforeAll(async () => {
  database = await openShopUnderTest({ customers: 50, products: 40, orders: 200, reviews: 200 })
})
afterAll(() => database.close())
afterEach(async () => {
  await shop?.stop()
  await jaeger?.stop()
  jaeger = undefined
})

async function openShop(
  endpoint: string,
  env: NodeJS.ProcessEnv = {},
  preload: readonly string[] = [],
): Promise<void> {
  shop = await startShop(database.connectionString, endpoint, { env: { ...TRACES_ONLY, ...env }, preload })
}

/** Sends requests all the time and expects a response to each. */
async function visit(path = '/orders/7'): Promise<void> {
  const response = await fetch(`${shop?.url}${path}`)
  await response.arrayBuffer()
  expect([path, response.status]).toEqual([path, 200])
}

/** Sends requests until the shop has printed a text. */
async function visitUntil(said: RegExp): Promise<void> {
  await vi.waitUntil(
    async () => {
      await visit()
      return said.test(shop?.errorOutput ?? '')
    },
    { timeout: ARRIVAL_MILLIS, interval: 100 },
  )
}

const said = (): readonly string[] =>
  (shop?.errorOutput ?? '').split('\n').filter((line) => line.includes('QUERYLENS_SPANS_LOST'))

describe.each(['http/protobuf', 'grpc'] as const)('over %s', (protocol) => {
  let ports: JaegerPorts
  let endpoint: string

  beforeAll(async () => {
    ports = await findFreePorts()
    endpoint = `http://127.0.0.1:${protocol === 'grpc' ? ports.grpc : ports.http}`
  })

  /** Sends requests until one of their traces has arrived. */
  async function visitUntilTraced(): Promise<void> {
    const client = createJaegerClient(jaeger?.url ?? '')
    await vi.waitUntil(
      async () => {
        await visit()
        return (await client.search({ service: 'shop', operation: 'GET /orders/:id' })).length > 0
      },
      { timeout: ARRIVAL_MILLIS, interval: 100 },
    )
  }

  it('the shop serves requests while Jaeger is down at the start, stops and starts again', async () => {
    await openShop(endpoint, { ...IMPATIENT, OTEL_EXPORTER_OTLP_PROTOCOL: protocol })
    await visitUntil(/spans for \S+ are being lost: .*ECONNREFUSED/)
    jaeger = await startJaeger({ ports })
    await visitUntilTraced()
    await visitUntil(/\d+ spans? for \S+ (?:was|were) lost .*ECONNREFUSED.* Spans are exported again\./)
    await jaeger.stop()
    const until = Date.now() + OUTAGE_MILLIS
    while (Date.now() < until) await visit()
    jaeger = await startJaeger({ ports })
    await visitUntilTraced()
    const toldBefore = said().length
    await shop?.stop()
    // The shop reports the second outage within a minute only in its last line.
    expect(said().length - toldBefore).toBeLessThanOrEqual(1)
    expect(said().at(-1)).toMatch(/\d+ spans for \S+ were lost .*ECONNREFUSED/)
    expect(said().length).toBeGreaterThan(2)
  })
})

it('only the span that is too large for gRPC is lost', async () => {
  jaeger = await startJaeger({ ports: await findFreePorts() })
  const preload = [new URL('preload-oversized-span.ts', import.meta.url).href]
  await openShop(
    jaeger.grpcUrl,
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_BSP_SCHEDULE_DELAY: '1000' },
    preload,
  )
  await visit('/orders/7')
  await visit('/health')
  await visit('/orders/8')
  await shop?.stop()
  const client = createJaegerClient(jaeger.url)
  expect(await client.search({ service: 'shop', operation: 'GET /orders/:id' })).toHaveLength(2)
  expect(await client.search({ service: 'shop', operation: 'GET /health' })).toHaveLength(1)
  expect(await client.search({ service: 'shop', operation: 'oversized' })).toEqual([])
  expect(said()).toEqual([expect.stringMatching(/ 1 span for \S+ was lost at .*larger than max/)])
})

it('the shop reports that it sends its spans to the page', async () => {
  jaeger = await startJaeger({ ports: await findFreePorts() })
  await openShop(jaeger.url)
  await visitUntil(/are being lost/)
  const { host } = new URL(jaeger.url)
  expect(said()[0]).toContain(
    `spans for http://${host} are being lost: the answer is a web page; OTLP has ports`,
  )
})

it.each([
  [503, undefined],
  [429, undefined],
  [500, '<html>no</html>'],
  [302, 'elsewhere'],
])(
  'the shop serves requests while the backend returns %d %s, and its spans arrive afterwards',
  async (status, body) => {
    const receiver = await startOtlpReceiver()
    receiver.respondWith({ status, body })
    await openShop(receiver.url, IMPATIENT)
    await visitUntil(/spans for \S+ are being lost/)
    receiver.respondWith()
    receiver.clear()
    await visitUntil(/Spans are exported again\./)
    expect(receiver.spans.map(({ name }) => name)).toContain('GET /orders/:id')
    expect(said()).toHaveLength(2)
    await shop?.stop()
    await receiver.stop()
  },
)

it('queries stay inside their request when the clock is set between two requests', async () => {
  jaeger = await startJaeger({ ports: await findFreePorts() })
  await openShop(jaeger.httpUrl, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' }, [
    new URL('preload-jumping-clock.ts', import.meta.url).href,
  ])
  for (let jump = 0; jump < 4; jump++) {
    await visit('/orders/7')
    await visit('/as-shipped/orders')
    await visit('/health')
  }
  await shop?.stop()
  const client = createJaegerClient(jaeger.url)
  const ids = await client.search({ service: 'shop', limit: 100, lookbackMillis: 2 * 3_600_000 })
  expect(ids).toHaveLength(12)
  const starts = new Set<bigint>()
  for (const spans of await Promise.all(ids.map((id) => client.trace(id)))) {
    const root = spans.find(({ kind }) => kind === 'SERVER')
    starts.add((root?.startTime ?? 0n) / 3_600_000_000_000n)
    for (const { name, startTime, endTime } of spans) {
      expect(endTime, name).toBeGreaterThanOrEqual(startTime)
      expect(startTime, name).toBeGreaterThanOrEqual((root?.startTime ?? 0n) - 3_000_000n)
      expect(endTime, name).toBeLessThanOrEqual((root?.endTime ?? 0n) + 3_000_000n)
    }
  }
  // The clock was set.
  expect(starts.size).toBeGreaterThan(1)
})
