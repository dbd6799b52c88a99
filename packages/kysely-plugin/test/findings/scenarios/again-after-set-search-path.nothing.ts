import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.connection().execute(async (connection) => {
      const schemas = ['tenant_1', 'tenant_2', 'tenant_3']
      for (const schema of schemas) {
        await sql.raw(`create schema ${schema}`).execute(connection)
        await sql.raw(`create table ${schema}.orders (id int)`).execute(connection)
      }
      for (const schema of schemas) {
        await sql.raw(`set search_path to ${schema}`).execute(connection)
        await sql`select count(*) from orders where id > ${0}`.execute(connection)
      }
      await sql`reset search_path`.execute(connection)
    })
  },
}
