import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openShopInJaeger, type ShopInJaeger, type TracedResponse } from './shop-in-jaeger.ts'

/** A word in every text of the database and of the requests. */
const WORD = 'unmistakable'
/** The first digits of every number in the database and the requests, and of no number of Jaeger. */
const NUMBER = 7_700_131

const PRODUCT = NUMBER * 10 + 1
const CUSTOMER = NUMBER * 10 + 2
const ORDER = NUMBER * 10 + 3
const TRACKING = `QL-${WORD.toUpperCase()}-EU`

let open: ShopInJaeger

beforeAll(async () => {
  open = await openShopInJaeger('shop of secrets')
  const { db } = open.database
  await sql`
    update customers set name = ${WORD} || id, city = ${WORD}, email = ${WORD} || id || '@example.com';
  `.execute(db)
  await sql`update products set name = ${WORD} || id, description = ${WORD}`.execute(db)
  await sql`update reviews set title = ${WORD}, body = ${WORD}`.execute(db)
  await db
    .insertInto('customers')
    .values({ id: CUSTOMER, email: `${WORD}@example.com`, name: WORD, city: WORD, discountPercent: 5 })
    .execute()
  await db
    .insertInto('products')
    .values({
      id: PRODUCT,
      sku: WORD,
      name: WORD,
      category: WORD,
      description: WORD,
      priceCents: NUMBER,
      stock: NUMBER,
    })
    .execute()
  await db
    .insertInto('orders')
    .values({ id: ORDER, customerId: CUSTOMER, status: 'paid', trackingNumber: TRACKING })
    .execute()
  await db
    .insertInto('orderItems')
    .values({ orderId: ORDER, line: 1, productId: PRODUCT, quantity: 1, unitPriceCents: NUMBER })
    .execute()
})
afterAll(() => open.close())

const review = (customerId: number): object => ({ customerId, rating: 5, title: WORD, body: WORD })

describe('traces in Jaeger', () => {
  it('hold no value of a parameter and no row, for every endpoint', async () => {
    const visits: TracedResponse[] = []
    const send = async (status: number, path: string, body?: object): Promise<void> => {
      const visit = await open.send(path, body)
      expect([path, visit.status]).toEqual([path, status])
      visits.push(visit)
    }
    await send(200, `/products?search=${WORD}&category=${WORD}`)
    await send(200, `/products/${PRODUCT}`)
    await send(404, `/products/${NUMBER}`)
    await send(200, `/customers/${CUSTOMER}`)
    await send(200, `/orders/${ORDER}`)
    await send(201, '/orders', { customerId: CUSTOMER, items: [{ productId: PRODUCT, quantity: 1 }] })
    await send(404, '/orders', { customerId: NUMBER, items: [{ productId: PRODUCT, quantity: 1 }] })
    await send(201, `/products/${PRODUCT}/reviews`, review(CUSTOMER))
    await send(404, `/products/${PRODUCT}/reviews`, review(NUMBER))
    for (const prefix of ['', '/as-shipped']) {
      await send(200, `${prefix}/orders?limit=20`)
      await send(200, `${prefix}/tracking/${TRACKING.toLowerCase()}`)
      await send(200, `${prefix}/categories/${WORD}/latest-reviews`)
      await send(200, `${prefix}/customers/${CUSTOMER}/offers`)
    }
    // The server rejects this request before it looks for a route.
    expect((await fetch(`${open.shop.url}/tracking/%ZZ${WORD}`)).status).toBe(400)
    expect((await fetch(`${open.shop.url}/${WORD}?${WORD}=${NUMBER}`)).status).toBe(404)
    await open.shop.stop()
    const ids = await open.jaeger.search({ service: open.service, limit: 1_000 })
    expect(ids).toEqual(expect.arrayContaining(visits.map(({ traceId }) => traceId)))
    expect(ids.length).toBeGreaterThanOrEqual(visits.length + 2)
    const stored = await Promise.all(ids.map((id) => open.jaeger.traceText(id)))
    // Routes and the texts of statements are present.
    expect(stored.join('').length).toBeGreaterThan(100_000)
    expect(stored.join('')).toContain('where \\"customer_id\\" = $1')
    const names = await open.jaeger.operations(open.service)
    for (const text of [...stored, names.join('\n')]) {
      expect(text.match(new RegExp(`.{0,80}(?:${WORD}|${NUMBER}).{0,40}`, 'i'))?.[0]).toBeUndefined()
    }
  })
})
