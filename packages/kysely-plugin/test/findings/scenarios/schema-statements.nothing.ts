import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let index = 0; index < 6; index++) {
      await sql.raw(`create temporary table t${index} (id int)`).execute(db)
    }
    for (let index = 0; index < 6; index++) {
      await sql`select * from information_schema.columns where table_name = ${`t${index}`}`.execute(db)
    }
  },
}
