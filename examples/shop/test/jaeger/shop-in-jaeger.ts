import { randomUUID } from 'node:crypto'

import { createJaegerClient, type JaegerClient } from '@querylens/tool-jaeger'
import type { ReceivedSpan } from '@querylens/tool-otlp-receiver'
import { vi } from 'vitest'

import type { SeedSizes } from '../../src/database/seed.ts'
import { startShop, type ShopProcess } from '../../src/demo/shop-process.ts'
import { openShopUnderTest, type ShopUnderTest } from '../shop-under-test.ts'

/** The protocol between the shop and Jaeger. */
export type Protocol = 'grpc' | 'http/protobuf'

/** A response with the trace that Jaeger has stored. */
export interface TracedResponse {
  readonly status: number
  readonly traceId: string
  /** All spans: the span of the request, and the parent of each span. */
  readonly spans: readonly ReceivedSpan[]
}

/** A running shop that sends its telemetry to a real Jaeger. */
export interface ShopInJaeger {
  readonly jaeger: JaegerClient
  /** The URL of Jaeger's page. */
  readonly page: string
  /** The name of the shop in Jaeger. */
  readonly service: string
  readonly database: ShopUnderTest
  readonly shop: ShopProcess
  send(path: string, body?: object): Promise<TracedResponse>
  close(): Promise<void>
}

/** The options of the shop. All are optional. */
export interface ShopInJaegerOptions {
  /** @default `http/protobuf` */
  readonly protocol?: Protocol | undefined
  /** Whether each query has a span of the driver as its child. @default true */
  readonly driverSpans?: boolean | undefined
  /** @default a few rows of each table */
  readonly sizes?: SeedSizes | undefined
}

const SIZES = { customers: 50, products: 40, orders: 200, reviews: 200 }
const DRIVER_SPANS = new URL('driver-spans.ts', import.meta.url).href
const ARRIVAL_MILLIS = 15_000

/**
 * Starts a shop.
 *
 * @param service its name in Jaeger, unique for each shop
 */
export async function openShopInJaeger(
  service: string,
  options?: ShopInJaegerOptions,
): Promise<ShopInJaeger> {
  const protocol = options?.protocol ?? 'http/protobuf'
  const page = process.env['QUERYLENS_TEST_JAEGER_URL'] ?? ''
  const variable = protocol === 'grpc' ? 'QUERYLENS_TEST_JAEGER_GRPC_URL' : 'QUERYLENS_TEST_JAEGER_HTTP_URL'
  const jaeger = createJaegerClient(page)
  const database = await openShopUnderTest(options?.sizes ?? SIZES)
  const shop = await startShop(database.connectionString, process.env[variable] ?? '', {
    preload: (options?.driverSpans ?? true) ? [DRIVER_SPANS] : [],
    env: {
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_SERVICE_NAME: service,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      // Keep the name of this machine out of the pictures.
      OTEL_NODE_RESOURCE_DETECTORS: 'env,serviceinstance',
    },
  })
  return {
    jaeger,
    page,
    service,
    database,
    shop,
    async send(path, body) {
      const userAgent = randomUUID()
      const response = await fetch(shop.url + path, {
        headers: { 'user-agent': userAgent, 'content-type': 'application/json' },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      })
      await response.arrayBuffer()
      const found = await vi.waitUntil(
        async () => {
          const [traceId] = await jaeger.search({ service, tags: { 'user_agent.original': userAgent } })
          if (traceId === undefined) return undefined
          const spans = await jaeger.trace(traceId)
          return isWhole(spans) ? { traceId, spans } : undefined
        },
        { timeout: ARRIVAL_MILLIS, interval: 100 },
      )
      return { status: response.status, ...found }
    },
    async close() {
      await shop.stop()
      await database.close()
    },
  }
}

/** Waits for the whole trace, because spans arrive in batches, the outermost ones last. */
function isWhole(spans: readonly ReceivedSpan[]): boolean {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  return (
    spans.some(({ kind, parentSpanId }) => kind === 'SERVER' && parentSpanId === undefined) &&
    spans.every(({ parentSpanId }) => parentSpanId === undefined || ids.has(parentSpanId))
  )
}
