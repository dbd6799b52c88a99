import { sql, type Kysely } from 'kysely'

import type { ShopDatabase } from './schema.ts'
import { SEED_STEPS, type SeedTable } from './seed-steps.ts'

/** The number of rows of each table. Orders get 2.5 items on average. */
export type SeedSizes = Readonly<Record<SeedTable, number>>

/** About 290,000 rows with the items. */
export const SEED_SIZES: SeedSizes = { customers: 20_000, products: 2_000, orders: 60_000, reviews: 60_000 }

/** Called after each batch with the table and the number of its rows so far. */
export type SeedProgress = (table: SeedTable, done: number) => void

const BATCH = 5_000

/**
 * Fills the empty tables. The server computes each row from its number, without random numbers, so that every run creates
 * the same shop.
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
  // Without statistics the planner guesses, and plans differ between runs until autovacuum has run.
  await sql`vacuum analyze customers, products, orders, order_items, reviews`.execute(db)
}
