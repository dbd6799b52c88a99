/**
 * Creates and fills the tables of the shop in an empty database: `pnpm --filter @querylens/example-shop seed`.
 *
 * @packageDocumentation
 */
import { migrate } from './database/migrations.ts'
import { seedWithProgress } from './database/seed-with-progress.ts'
import { openShopDatabase } from './database/shop-database.ts'
import { readEnvironment } from './environment.ts'

const db = openShopDatabase(readEnvironment(process.env).databaseUrl)
await migrate(db)
await seedWithProgress(db)
await db.destroy()
