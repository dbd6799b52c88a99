import { readFileSync } from 'node:fs'

import { channels, runInScope, scopeHttpRequests, type Finding } from '@querylens/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { openShopUnderTest, type ShopUnderTest } from './shop-under-test.ts'

let shop: ShopUnderTest
let url: string
const findings: Finding[] = []
const listen = (finding: Finding): void => void findings.push(finding)
let stopScopes = (): void => {}

beforeAll(async () => {
  stopScopes = scopeHttpRequests()
  shop = await openShopUnderTest({ customers: 50, products: 40, orders: 200, reviews: 200 })
  // A real server, because Node publishes no message for injected requests.
  url = await shop.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => {
  stopScopes()
  return shop.close()
})
beforeEach(() => {
  findings.length = 0
  channels.finding.subscribe(listen)
})
afterEach(() => void channels.finding.unsubscribe(listen))

async function request(path: string, body?: object): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(
    url + path,
    body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) },
  )
  await response.arrayBuffer()
  return response.status
}

/** Waits for the end of a request's scope, which may come after the client has received the response. */
async function findingsOf(path: string): Promise<readonly Finding[]> {
  expect(await request(path)).toBe(200)
  // After the response to a later request on the same connection, the scope has ended.
  await request('/health')
  return [...findings]
}

/** The line of a text in a file below `src`. */
function lineOf(path: string, text: string): number {
  const lines = readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8').split('\n')
  return lines.findIndex((line) => line.includes(text)) + 1
}

describe('findings of the shop', () => {
  it('report the loop over orders with its line and a suggestion', async () => {
    const [finding, ...others] = await findingsOf('/as-shipped/orders?limit=30')
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      kind: 'n_plus_one',
      evidence: 'proven',
      scope: { name: 'GET /as-shipped/orders' },
      summary: 'select order_items products',
      count: 30,
      distinctCount: 30,
      source: { column: 'id', execution: { shape: { summary: 'select orders' } } },
      callSite: {
        file: 'examples/shop/src/mistakes/n-plus-one.ts',
        line: lineOf('mistakes/n-plus-one.ts', "where('orderId', '=', order.id)"),
        function: 'listOrdersAsShipped',
      },
    })
    expect(finding?.suggestion).toContain(".where('orderId', '=', (eb) => eb.fn.any(eb.val(ids)))")
    expect(finding?.message).toMatch(
      /^30x select order_items products, one for each row of select orders at listOrdersAsShipped \(/,
    )
  })

  it('suggest code that removes the loop over orders', async () => {
    const [finding] = await findingsOf('/as-shipped/orders?limit=30')
    const [, code] = /`(\.where\(.*?)`/.exec(finding?.suggestion ?? '') ?? []
    findings.length = 0
    await runInScope('as proposed', async () => {
      const orders = await shop.db.selectFrom('orders').selectAll().limit(30).execute()
      const ids = orders.map((order) => order.id)
      const query = shop.db.selectFrom('orderItems').selectAll()
      const proposed = new Function('query', 'ids', `return query${code}`) as (
        of: typeof query,
        values: readonly number[],
      ) => typeof query
      expect((await proposed(query, ids).execute()).length).toBeGreaterThan(30)
    })
    expect(findings).toEqual([])
  })

  it('report the repeated lookup', async () => {
    const [finding, ...others] = await findingsOf('/as-shipped/customers/7/offers')
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      kind: 'duplicate_query',
      scope: { name: 'GET /as-shipped/customers/:id/offers' },
      summary: 'select customers',
      count: 10,
      distinctCount: 1,
      avoidableCount: 9,
      callSites: [{ file: 'examples/shop/src/mistakes/repeated-lookup.ts', function: 'findDiscount' }],
    })
    expect(finding?.suggestion).toContain('this saves 9 of 10 calls')
  })

  it.each(['/orders?limit=30', '/customers/7/offers', '/tracking/QL000000042EU'])(
    'are gone from %s',
    async (path) => {
      expect(await findingsOf(path)).toEqual([])
    },
  )
})

it('healthy requests of the shop have no findings', async () => {
  const visits: (readonly [path: string, body?: object])[] = Array.from({ length: 5 }, (_, index) => [
    ['/products?page=1'] as const,
    ['/products?search=lamp'] as const,
    [`/products/${index + 1}`] as const,
    [`/customers/${index + 1}`] as const,
    [`/orders/${index + 1}`] as const,
    ['/categories/kitchen/latest-reviews'] as const,
    [
      '/orders',
      { customerId: index + 1, items: [1, 2, 3].map((part) => ({ productId: part + index, quantity: 1 })) },
    ] as const,
    [
      `/products/${index + 1}/reviews`,
      { customerId: 1, rating: 5, title: 'Nice', body: 'I like it.' },
    ] as const,
    ['/products/999999'] as const,
  ]).flat()
  const statuses = await Promise.all(visits.map(([path, body]) => request(path, body)))
  expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(30)
  expect(findings).toEqual([])
})
