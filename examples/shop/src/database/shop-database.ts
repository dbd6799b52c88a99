import { querylens } from '@querylens/kysely-plugin'
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'

import type { ShopDatabase } from './schema.ts'

/**
 * PostgreSQL's default, fixed here so that the mistake that sorts on disk does so on any server. A larger one
 * would hide it until there is more data.
 */
const WORK_MEM = '4MB'

/**
 * Opens the shop's database. `querylens(…)` is all that it takes for every query to be seen; who sees them is
 * decided elsewhere, see `telemetry.ts`.
 */
export function openShopDatabase(connectionString: string): Kysely<ShopDatabase> {
  const { hostname, port, pathname } = new URL(connectionString)
  const pool = new Pool({ connectionString, max: 10, options: `-c work_mem=${WORK_MEM}` })
  // A connection that breaks while it is idle: the pool replaces it, nobody has to know.
  pool.on('error', () => {})
  return new Kysely<ShopDatabase>(
    querylens(
      { dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] },
      {
        namespace: decodeURIComponent(pathname.slice(1)) || undefined,
        serverAddress: hostname || undefined,
        serverPort: Number(port || 5432),
        poolName: 'shop',
      },
    ),
  )
}
