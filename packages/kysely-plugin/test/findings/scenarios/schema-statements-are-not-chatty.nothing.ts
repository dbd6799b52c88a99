import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.connection().execute(async (connection) => {
      for (let index = 0; index < 20; index++) {
        await sql.raw(`create temporary table scratch_${index} (id int)`).execute(connection)
        await sql
          .raw(`select relname from pg_catalog.pg_class where relname = 'scratch_${index}'`)
          .execute(connection)
      }
    })
    for (let index = 0; index < 10; index++)
      await sql.raw(`select ${'id, '.repeat(index)} title from posts`).execute(db)
  },
  options: { chattyScope: { atLeast: 11 } },
}
