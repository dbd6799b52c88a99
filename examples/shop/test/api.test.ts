import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openShopUnderTest, type ShopUnderTest } from './shop-under-test.ts'

let shop: ShopUnderTest

beforeAll(async () => {
  shop = await openShopUnderTest({ customers: 50, products: 40, orders: 200, reviews: 200 })
})
afterAll(async () => {
  await shop.close()
})

async function stockOf(id: number): Promise<number> {
  const { stock } = await shop.db
    .selectFrom('products')
    .select('stock')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return stock
}

describe('GET /products', () => {
  it('searches by name and category in pages', async () => {
    const all = (await shop.app.inject('/products')).json()
    expect(all).toMatchObject({ total: 40, pages: 2, page: 1 })
    expect(all.products).toHaveLength(20)
    const { category, name } = all.products[0]
    const some = (await shop.app.inject({ url: '/products', query: { category, search: name } })).json()
    expect(some.products).toContainEqual(all.products[0])
  })

  it('searches wildcards literally', async () => {
    expect((await shop.app.inject({ url: '/products', query: { search: '%%' } })).json().total).toBe(0)
  })
})

describe('GET pages', () => {
  it('return a product with reviews, a customer with orders, and an order with items', async () => {
    const product = (await shop.app.inject('/products/1')).json()
    expect(product).toMatchObject({ id: 1, rating: { count: expect.any(Number) } })
    expect(product.reviews).toHaveLength(Math.min(5, product.rating.count))
    const customer = (await shop.app.inject('/customers/1')).json()
    const [first] = customer.orders
    const order = (await shop.app.inject(`/orders/${first.id}`)).json()
    expect(order).toMatchObject({ customerId: 1, totalCents: first.totalCents })
  })

  it.each([['/products/999'], ['/customers/999'], ['/orders/999999']])('return 404 for %s', async (url) => {
    const response = await shop.app.inject(url)
    expect(response.statusCode).toBe(404)
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('999') })
  })

  it.each([
    ['/products/x'],
    ['/products/0'],
    ['/orders/99999999999'],
    ['/products?page=0'],
    ['/orders?limit=1000'],
  ])('return 400 for %s', async (url) => {
    expect((await shop.app.inject(url)).statusCode).toBe(400)
  })
})

describe('POST /orders', () => {
  const order = (payload: object) => shop.app.inject({ method: 'POST', url: '/orders', payload })

  it('takes the items from the stock', async () => {
    const before = [await stockOf(3), await stockOf(5)]
    const items = [
      { productId: 5, quantity: 2 },
      { productId: 3, quantity: 1 },
    ]
    const response = await order({ customerId: 1, items })
    expect(response.statusCode).toBe(201)
    expect([await stockOf(3), await stockOf(5)]).toEqual([before[0]! - 1, before[1]! - 2])
    const placed = (await shop.app.inject(`/orders/${response.json().id}`)).json()
    expect(placed).toMatchObject({ status: 'paid', items: [{ productId: 5 }, { productId: 3 }] })
    expect(placed.totalCents).toBe(response.json().totalCents)
  })

  it('changes nothing when one item is out of stock', async () => {
    await shop.db.updateTable('products').set({ stock: 1 }).where('id', '=', 7).execute()
    const before = await stockOf(8)
    const items = [
      { productId: 8, quantity: 1 },
      { productId: 7, quantity: 2 },
    ]
    const response = await order({ customerId: 1, items })
    expect(response.statusCode).toBe(409)
    expect(response.json()).toMatchObject({ code: 'OUT_OF_STOCK' })
    expect(await stockOf(8)).toBe(before)
  })

  it('rejects invalid orders', async () => {
    const one = { productId: 1, quantity: 1 }
    expect((await order({ customerId: 1, items: [] })).statusCode).toBe(400)
    expect((await order({ customerId: 1, items: [{ productId: 1, quantity: 0 }] })).statusCode).toBe(400)
    expect((await order({ customerId: 1, items: [one, one] })).statusCode).toBe(400)
    expect((await order({ customerId: 999, items: [one] })).statusCode).toBe(404)
    expect((await order({ customerId: 1, items: [{ ...one, productId: 999 }] })).statusCode).toBe(404)
  })
})

describe('POST /products/:id/reviews', () => {
  const review = (id: number, payload: object) =>
    shop.app.inject({ method: 'POST', url: `/products/${id}/reviews`, payload })
  const good = { customerId: 2, rating: 4, title: 'Good', body: 'Quite good.' }

  it('adds the review to the product page', async () => {
    const response = await review(9, good)
    expect(response.statusCode).toBe(201)
    expect((await shop.app.inject('/products/9')).json().reviews[0]).toMatchObject({ title: 'Good' })
  })

  it('names the missing customer or product', async () => {
    const noProduct = await review(999, good)
    expect([noProduct.statusCode, noProduct.json().message]).toEqual([404, 'There is no product 999.'])
    const noCustomer = await review(9, { ...good, customerId: 998 })
    expect([noCustomer.statusCode, noCustomer.json().message]).toEqual([404, 'There is no customer 998.'])
    expect((await review(9, { ...good, rating: 6 })).statusCode).toBe(400)
  })
})

describe('an unexpected error', () => {
  it('does not reveal its reason', async () => {
    await shop.db.schema.alterTable('customers').renameTo('gone').execute()
    try {
      const response = await shop.app.inject('/customers/1')
      expect(response.statusCode).toBe(500)
      expect(response.body).not.toContain('customers')
    } finally {
      await shop.db.schema.alterTable('gone').renameTo('customers').execute()
    }
  })
})
