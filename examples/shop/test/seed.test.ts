import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'

import { openShopUnderTest } from './shop-under-test.ts'

const TABLES = ['customers', 'products', 'orders', 'order_items', 'reviews']

/** The number of rows and a checksum of each table. */
async function seedOnce(): Promise<Record<string, unknown>> {
  const shop = await openShopUnderTest({ customers: 100, products: 50, orders: 300, reviews: 200 })
  try {
    const sums: Record<string, unknown> = {}
    for (const table of TABLES) {
      const { rows } = await sql`
        select count(*)::int as count, md5(string_agg(t::text, ',' order by t::text)) as checksum
        from ${sql.table(table)} t`.execute(shop.db)
      sums[table] = rows[0]
    }
    return sums
  } finally {
    await shop.close()
  }
}

describe('seed', () => {
  it('creates the same rows in each run', async () => {
    const first = await seedOnce()
    expect(first).toEqual(await seedOnce())
    expect(first).toMatchObject({
      customers: { count: 100 },
      products: { count: 50 },
      orders: { count: 300 },
    })
  })

  it('sets the sequences after the last ids', async () => {
    const shop = await openShopUnderTest({ customers: 10, products: 10, orders: 10, reviews: 10 })
    try {
      const payload = { customerId: 1, items: [{ productId: 1, quantity: 1 }] }
      const response = await shop.app.inject({ method: 'POST', url: '/orders', payload })
      expect([response.statusCode, response.json().id]).toEqual([201, 11])
    } finally {
      await shop.close()
    }
  })
})
