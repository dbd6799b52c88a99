import { querylens } from '@querylens/kysely-plugin'
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'

import type { ShopDatabase } from './schema.ts'

/**
 * PostgreSQL's default, set here so that the mistake sorts on disk on any server. A larger value would hide the mistake
 * until there is more data.
 */
const WORK_MEM = '4MB'

/**
 * Opens the shop's database. `querylens(…)` publishes every query; `telemetry.ts` sets up the exporter that subscribes to
 * them.
 */
export function openShopDatabase(connectionString: string): Kysely<ShopDatabase> {
  const pool = new Pool({ connectionString, max: 10, options: `-c work_mem=${WORK_MEM}` })
  // Without a listener pg throws when an idle connection breaks. The pool replaces the connection.
  pool.on('error', () => {})
  return new Kysely<ShopDatabase>(
    querylens(
      { dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] },
      { connection: pool.options, poolName: 'shop' },
    ),
  )
}
