import { sql, type Kysely } from 'kysely'

import type { ShopDatabase } from './schema.ts'
import { SEED_STEPS, type SeedTable } from './seed-steps.ts'

/** How many rows; orders get two and a half items each. */
export type SeedSizes = Readonly<Record<SeedTable, number>>

/** About 290,000 rows with the items. */
export const SEED_SIZES: SeedSizes = { customers: 20_000, products: 2_000, orders: 60_000, reviews: 60_000 }

/** Called after each batch with the table and how many of its rows are there, items with their orders. */
export type SeedProgress = (table: SeedTable, done: number) => void

const BATCH = 5_000

/**
 * Fills the empty tables. The rows are computed by the server from their numbers alone, so that everyone gets
 * the same shop; the database itself never draws a random number.
 */
export async function seed(
  db: Kysely<ShopDatabase>,
  sizes: SeedSizes = SEED_SIZES,
  onProgress: SeedProgress = () => {},
): Promise<void> {
  for (const { table, insert } of SEED_STEPS) {
    for (let first = 1; first <= sizes[table]; first += BATCH) {
      const last = Math.min(first + BATCH - 1, sizes[table])
      for (const statement of insert({ first, last, sizes })) await statement.execute(db)
      onProgress(table, last)
    }
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), ${sizes[table]})`.execute(db)
  }
  // Without statistics the planner guesses, and everyone's plans differ until autovacuum comes by.
  await sql`vacuum analyze customers, products, orders, order_items, reviews`.execute(db)
}
