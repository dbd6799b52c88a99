import { startOtlpReceiver, type OtlpReceiver, type ReceivedSpan } from '@querylens/tool-otlp-receiver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startShop, type ShopProcess } from '../src/demo/shop-process.ts'
import { groupTraces, isQuery, type Trace } from '../src/demo/traces.ts'
import { openShopUnderTest, type ShopUnderTest } from './shop-under-test.ts'

let shop: ShopUnderTest
let receiver: OtlpReceiver
let child: ShopProcess

beforeAll(async () => {
  shop = await openShopUnderTest({ customers: 50, products: 40, orders: 200, reviews: 200 })
  receiver = await startOtlpReceiver()
  child = await startShop(shop.connectionString, receiver.url)
})
afterAll(async () => {
  await child.stop()
  await receiver.stop()
  await shop.close()
})

/** Sends a request and returns its trace as received over OTLP. */
async function traceOf(path: string, body?: object): Promise<Trace> {
  receiver.clear()
  const headers = { 'content-type': 'application/json' }
  await fetch(
    child.url + path,
    body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) },
  )
  return await receiver.waitFor(({ spans }) => groupTraces(spans)[0])
}

function childrenOf({ spans }: Trace, parent: ReceivedSpan): ReceivedSpan[] {
  return spans.filter((span) => span.parentSpanId === parent.spanId)
}

describe('telemetry of the shop', () => {
  it('has one trace for each request, named by its route, with the queries as children', async () => {
    const trace = await traceOf('/orders/7')
    expect(trace.root).toMatchObject({
      name: 'GET /orders/:id',
      kind: 'SERVER',
      resource: { 'service.name': 'shop' },
      attributes: { 'http.route': '/orders/:id', 'http.response.status_code': 200 },
    })
    const children = childrenOf(trace, trace.root)
    expect(children).toHaveLength(2)
    expect(children.every(isQuery)).toBe(true)
    expect(children.length).toBe(trace.spans.length - 1)
    const url = new URL(shop.connectionString)
    for (const { attributes } of children) {
      expect(attributes).toMatchObject({
        'db.system.name': 'postgresql',
        'db.namespace': url.pathname.slice(1),
        'server.address': url.hostname,
        'server.port': Number(url.port),
      })
    }
  })

  it('has a finding for the shipped loop and none for the fix', async () => {
    const asShipped = await traceOf('/as-shipped/orders?limit=20')
    expect(asShipped.root.name).toBe('GET /as-shipped/orders')
    expect(asShipped.spans.filter(isQuery)).toHaveLength(21)
    expect(asShipped.root.attributes).toMatchObject({
      'querylens.finding.kinds': ['n_plus_one'],
      'querylens.n_plus_one.count': 20,
      'querylens.n_plus_one.call_site': expect.stringMatching(/^listOrdersAsShipped \(/) as string,
    })
    expect(asShipped.root.events).toMatchObject([
      {
        name: 'querylens.finding',
        attributes: {
          'querylens.finding.brief': expect.stringMatching(
            /^N\+1: 20x select order_items products at n-plus-one\.ts:\d+; load them all /,
          ) as string,
          'querylens.finding.source': 'select orders',
        },
      },
    ])
    const [source, , crossing] = asShipped.spans.filter(isQuery)
    expect(crossing?.links).toMatchObject([{ traceId: source?.traceId, spanId: source?.spanId }])
    const fixed = await traceOf('/orders?limit=20')
    expect(fixed.spans.filter(isQuery)).toHaveLength(2)
    expect(fixed.spans.flatMap(({ events }) => events)).toEqual([])
  })

  it('has findings that open at the end of a request on the request', async () => {
    const { root } = await traceOf('/as-shipped/customers/7/offers')
    expect(root.attributes['querylens.finding.kinds']).toEqual(['duplicate_query'])
    expect(root.events).toMatchObject([{ attributes: { 'querylens.finding.count': 10 } }])
  })

  it('has the queries of a transaction as its children', async () => {
    const trace = await traceOf('/orders', { customerId: 1, items: [{ productId: 1, quantity: 1 }] })
    const [transaction, ...others] = childrenOf(trace, trace.root)
    expect(others).toEqual([])
    expect(transaction?.kind).toBe('INTERNAL')
    const queries = trace.spans.filter(isQuery)
    expect(queries.length).toBeGreaterThanOrEqual(5)
    expect(new Set(queries.map((span) => span.parentSpanId))).toEqual(new Set([transaction?.spanId]))
  })

  it('has the error of a failed query', async () => {
    const body = { customerId: 999, rating: 5, title: 'Good', body: 'Good.' }
    const trace = await traceOf('/products/1/reviews', body)
    expect(trace.root.attributes['http.response.status_code']).toBe(404)
    const [query] = trace.spans.filter(isQuery)
    expect(query).toMatchObject({
      status: { code: 'ERROR' },
      attributes: { 'db.response.status_code': '23503' },
    })
  })

  it('holds no values of queries', async () => {
    const body = { customerId: 2, rating: 5, title: 'Confidential', body: 'Confidential.' }
    for (const trace of [
      await traceOf('/tracking/ql000000042eu'),
      await traceOf('/products/1/reviews', body),
    ]) {
      const [query, ...others] = trace.spans.filter(isQuery)
      expect(others).toEqual([])
      // The path of the request is public and may be in other attributes.
      const attributes = Object.entries(query?.attributes ?? {}).filter(([key]) => key.startsWith('db.'))
      expect(attributes.length).toBeGreaterThan(5)
      expect(JSON.stringify(attributes)).not.toMatch(/ql000000042eu|confidential/i)
    }
  })
})
