import type { CompiledQuery } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { findByTrackingNumber, findByTrackingNumberAsShipped } from '../src/mistakes/missing-index.ts'
import { latestReviews, latestReviewsAsShipped } from '../src/mistakes/sort-on-disk.ts'
import { openShopUnderTest, type ShopUnderTest } from './shop-under-test.ts'

let shop: ShopUnderTest

beforeAll(async () => {
  shop = await openShopUnderTest()
})
afterAll(async () => {
  await shop.close()
})

async function get(url: string): Promise<unknown> {
  const response = await shop.app.inject({ url })
  expect(response.statusCode).toBe(200)
  return response.json()
}

/** The plan of an executed query as text. */
async function explain({ sql, parameters }: CompiledQuery): Promise<string> {
  const client = new Client({ connectionString: shop.connectionString, options: '-c work_mem=4MB' })
  await client.connect()
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze) ${sql}`, [...parameters])
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  } finally {
    await client.end()
  }
}

describe('shipped and fixed endpoints', () => {
  it.each([
    ['orders with their items', '/orders?limit=30'],
    ['tracking', '/tracking/QL000001234EU'],
    ['the latest reviews of a category', '/categories/kitchen/latest-reviews'],
    ['offers', '/customers/7/offers'],
  ])('return the same %s', async (_what, path) => {
    const asShipped = await get(`/as-shipped${path}`)
    expect(asShipped).toEqual(await get(path))
    // Two empty responses would be equal as well.
    expect(JSON.stringify(asShipped).length).toBeGreaterThan(100)
  })

  it('return 404 for the same missing rows', async () => {
    for (const path of ['/tracking/QL999999999EU', '/customers/999999/offers']) {
      for (const url of [path, `/as-shipped${path}`]) {
        expect((await shop.app.inject({ url })).statusCode).toBe(404)
      }
    }
  })
})

describe('findByTrackingNumber', () => {
  it('uses an index, and the shipped version reads the whole table', async () => {
    const number = 'QL000001234EU'
    expect(await explain(findByTrackingNumberAsShipped(shop.db, number).compile())).toContain(
      'Seq Scan on orders',
    )
    expect(await explain(findByTrackingNumber(shop.db, number).compile())).toContain(
      'orders_upper_tracking_number_idx',
    )
  })

  it('finds a number in lower case', async () => {
    for (const path of ['/tracking/ql000001234eu', '/as-shipped/tracking/ql000001234eu']) {
      expect(await get(path)).toMatchObject({ id: 1234 })
    }
  })
})

describe('latestReviews', () => {
  it('sorts in memory, and the shipped version sorts on disk', async () => {
    expect(await explain(latestReviewsAsShipped(shop.db, 'kitchen').compile())).toMatch(
      /external merge +Disk/,
    )
    expect(await explain(latestReviews(shop.db, 'kitchen').compile())).not.toContain('Disk')
  })
})
