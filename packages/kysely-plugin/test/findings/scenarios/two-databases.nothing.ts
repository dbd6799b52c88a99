import { querylens } from '@querylens/kysely-plugin'
import { Kysely, sql } from 'kysely'

import { createPostgresDialect } from '../../support/postgres-dialect.ts'
import { createTestDatabase } from '../../support/test-database.ts'
import type { Blog, Scenario } from '../scenario.ts'

/** The same statement in two databases counts as two statements: neither a duplicate nor a loop. */
export const scenario: Scenario = {
  async run(db) {
    const { connectionString, drop } = await createTestDatabase()
    const { dialect } = createPostgresDialect({ connectionString })
    const other = new Kysely<Blog>(querylens({ dialect }))
    const read = async (database: Kysely<Blog>): Promise<unknown> =>
      await sql`select 1 + ${1}::int`.execute(database)
    try {
      await read(db)
      await read(other)
    } finally {
      await other.destroy()
      await drop()
    }
  },
}
