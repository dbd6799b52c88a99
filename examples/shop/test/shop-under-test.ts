import { createDatabase, startPostgres } from '@querylens/tool-postgres'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'

import { createApp } from '../src/app.ts'
import { migrate } from '../src/database/migrations.ts'
import type { ShopDatabase } from '../src/database/schema.ts'
import { seed, type SeedSizes } from '../src/database/seed.ts'
import { openShopDatabase } from '../src/database/shop-database.ts'

/** Reviews must exceed `work_mem`. The other tables are small, so that seeding takes one or two seconds. */
export const TEST_SIZES: SeedSizes = { customers: 500, products: 200, orders: 2_000, reviews: 40_000 }

/** A shop on a new database. */
export interface ShopUnderTest {
  readonly app: FastifyInstance
  readonly db: Kysely<ShopDatabase>
  readonly connectionString: string
  close(): Promise<void>
}

export async function openShopUnderTest(sizes: SeedSizes = TEST_SIZES): Promise<ShopUnderTest> {
  const server = await startPostgres({ connectionString: process.env['QUERYLENS_TEST_DATABASE_URL'] })
  const database = await createDatabase(server)
  const db = openShopDatabase(database.connectionString)
  await migrate(db)
  await seed(db, sizes)
  const app = createApp(db)
  return {
    app,
    db,
    connectionString: database.connectionString,
    async close() {
      await app.close()
      await db.destroy()
      await database.drop()
      await server.stop()
    },
  }
}
