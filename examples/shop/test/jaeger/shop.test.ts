import type { ReceivedSpan } from '@querylens/tool-otlp-receiver'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openShopInJaeger, type Protocol, type ShopInJaeger, type TracedResponse } from './shop-in-jaeger.ts'

const REVIEW = { rating: 5, title: 'Good', body: 'Good.' }

interface Visit {
  readonly path: string
  readonly body?: object
  readonly status: number
  /** Number of queries that it sends. */
  readonly queries: number
}

/** One visit to each endpoint. */
const VISITS: readonly Visit[] = [
  { path: '/products?search=lamp&category=lamps', status: 200, queries: 2 },
  { path: '/products/7', status: 200, queries: 3 },
  { path: '/customers/7', status: 200, queries: 2 },
  { path: '/orders/7', status: 200, queries: 2 },
  {
    path: '/orders',
    status: 201,
    queries: 7,
    body: { customerId: 1, items: [{ productId: 1, quantity: 1 }] },
  },
  { path: '/products/1/reviews', status: 201, queries: 1, body: { customerId: 2, ...REVIEW } },
  { path: '/products/1/reviews', status: 404, queries: 1, body: { customerId: 999, ...REVIEW } },
  { path: '/orders?limit=20', status: 200, queries: 2 },
  { path: '/as-shipped/orders?limit=20', status: 200, queries: 21 },
  { path: '/tracking/QL000000042EU', status: 200, queries: 1 },
  { path: '/as-shipped/tracking/QL000000042EU', status: 200, queries: 1 },
  { path: '/categories/lamps/latest-reviews', status: 200, queries: 1 },
  { path: '/as-shipped/categories/lamps/latest-reviews', status: 200, queries: 1 },
  { path: '/customers/7/offers', status: 200, queries: 2 },
  { path: '/as-shipped/customers/7/offers', status: 200, queries: 11 },
]

const ofExporter = ({ scope }: ReceivedSpan): boolean => scope.name === '@querylens/exporter'
const ofDriver = ({ scope }: ReceivedSpan): boolean => scope.name.endsWith('instrumentation-pg')
const queriesOf = ({ spans }: TracedResponse): readonly ReceivedSpan[] =>
  spans
    .filter((span) => ofExporter(span) && span.kind === 'CLIENT')
    .toSorted((left, right) => Number(left.startTime - right.startTime))
const childrenOf = (spans: readonly ReceivedSpan[], parent: ReceivedSpan): readonly ReceivedSpan[] =>
  spans.filter(({ parentSpanId }) => parentSpanId === parent.spanId)

describe.each<Protocol>(['http/protobuf', 'grpc'])('the shop in Jaeger, over %s', (protocol) => {
  let open: ShopInJaeger

  beforeAll(async () => {
    open = await openShopInJaeger(`shop over ${protocol}`, { protocol })
  })
  afterAll(() => open.close())

  it.each(VISITS)('has the whole trace of $path with status $status', async (visit) => {
    const { path, body, status } = visit
    const response = await open.send(path, body)
    expect(response.status).toBe(status)
    const [root, ...otherRoots] = response.spans.filter(({ parentSpanId }) => parentSpanId === undefined)
    expect(otherRoots).toEqual([])
    expect(root?.name).toMatch(body === undefined ? /^GET \// : /^POST \//)
    expect(root?.attributes['http.response.status_code']).toBe(status)
    const queries = queriesOf(response)
    expect(queries).toHaveLength(visit.queries)
    for (const query of queries) {
      const [driver, ...others] = childrenOf(response.spans, query)
      expect([driver && ofDriver(driver), others]).toEqual([true, []])
    }
    for (const { name, parentSpanId, startTime, endTime } of response.spans) {
      const parent = response.spans.find(({ spanId }) => spanId === parentSpanId)
      if (parent === undefined) continue
      expect(startTime, name).toBeGreaterThanOrEqual(parent.startTime)
      expect(endTime, name).toBeLessThanOrEqual(parent.endTime)
    }
  })

  it('lists the service, and its operations by the summaries of their statements', async () => {
    await open.send('/orders/7')
    await open.send('/orders', { customerId: 1, items: [{ productId: 2, quantity: 1 }] })
    expect(await open.jaeger.services()).toContain(open.service)
    expect(await open.jaeger.operations(open.service)).toEqual(
      expect.arrayContaining([
        'GET /orders/:id',
        'POST /orders',
        'transaction',
        'begin',
        'commit',
        'select orders customers',
        'select order_items products',
        'insert orders',
        'insert order_items',
      ]),
    )
  })

  it('finds only requests with an N+1 by its attribute', async () => {
    const loop = await open.send('/as-shipped/orders?limit=20')
    const fixed = await open.send('/orders?limit=20')
    const { service } = open
    const tags = { 'querylens.n_plus_one.detected': 'true' }
    const found = await open.jaeger.search({ service, tags, limit: 100 })
    expect(found).toContain(loop.traceId)
    expect(found).not.toContain(fixed.traceId)
    expect(await open.jaeger.search({ service, operation: 'GET /as-shipped/orders', tags })).toContain(
      loop.traceId,
    )
    expect(await open.jaeger.search({ service, operation: 'GET /orders', tags })).toEqual([])
    expect(
      await open.jaeger.search({ service, tags: { 'querylens.n_plus_one.count': '20' }, limit: 100 }),
    ).toContain(loop.traceId)
  })

  it('has the finding on the request and on the query that opened it', async () => {
    const loop = await open.send('/as-shipped/orders?limit=20')
    const marked = loop.spans.filter(({ attributes }) => attributes['querylens.n_plus_one.detected'] === true)
    expect(marked.map(({ kind }) => kind).toSorted()).toEqual(['CLIENT', 'SERVER'])
    for (const { attributes, events } of marked) {
      expect(attributes).toMatchObject({
        'querylens.n_plus_one.count': 20,
        'querylens.n_plus_one.source.summary': 'select orders',
        'querylens.n_plus_one.source.column': 'id',
        'querylens.n_plus_one.call_site': expect.stringMatching(
          /^listOrdersAsShipped \(.*n-plus-one\.ts:\d+\)$/,
        ) as string,
      })
      expect(events).toMatchObject([
        {
          name: 'querylens.finding',
          attributes: {
            'querylens.finding.brief': expect.stringMatching(
              /^N\+1: 20x select order_items products at n-plus-one\.ts:\d+; load them all with one query/,
            ) as string,
          },
        },
      ])
    }
  })

  it('has a link from the loop to its source query', async () => {
    const loop = await open.send('/as-shipped/orders?limit=20')
    const [link, ...others] = loop.spans.flatMap(({ links }) => links)
    expect(others).toEqual([])
    expect(link?.traceId).toBe(loop.traceId)
    const target = loop.spans.find(({ spanId }) => spanId === link?.spanId)
    expect(target?.name).toBe('select orders')
    expect(target).toBe(queriesOf(loop)[0])
  })

  it('has the transaction as the parent of its queries', async () => {
    const order = await open.send('/orders', { customerId: 1, items: [{ productId: 3, quantity: 1 }] })
    const [transaction] = order.spans.filter(({ name }) => name === 'transaction')
    expect(transaction?.attributes).toMatchObject({
      'querylens.transaction.outcome': 'committed',
      'querylens.transaction.query_count': 5,
    })
    expect(queriesOf(order).map(({ parentSpanId }) => parentSpanId)).toEqual(
      Array.from({ length: 7 }, () => transaction?.spanId),
    )
  })

  it('has a failed query as an error with its SQLSTATE', async () => {
    const failed = await open.send('/products/1/reviews', { customerId: 999, ...REVIEW })
    const [query] = queriesOf(failed)
    expect(query).toMatchObject({
      status: { code: 'ERROR', message: undefined },
      attributes: { 'db.response.status_code': '23503', 'error.type': '23503' },
    })
    const { service } = open
    const tags = { 'db.response.status_code': '23503' }
    expect(await open.jaeger.search({ service, tags, limit: 100 })).toContain(failed.traceId)
  })
})
