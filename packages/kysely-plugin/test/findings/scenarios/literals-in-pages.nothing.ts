import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.selectFrom('comments').select('id').orderBy('id').execute()
    for (let page = 0; page < 7; page++) {
      const last = page * 2
      await sql.raw(`select * from comments where id > ${last} order by id limit 2`).execute(db)
      await sql`select id from comments where id > ${sql.lit(last)} order by id limit ${2}`.execute(db)
      await sql.raw(`select * from comments order by id limit 2 offset ${last}`).execute(db)
      await sql`select body from comments order by id offset ${sql.lit(last)} limit ${2}`.execute(db)
      await sql`select * from comments where id > ${sql.lit(last)} and id <= ${sql.lit(last + 2)}`.execute(db)
      const window = sql.raw(`likes = 0 and id between ${last} and ${last + 1}`)
      await sql`select body from comments where ${window} order by id`.execute(db)
    }
  },
}
