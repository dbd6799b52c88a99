import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await sql`update posts set title = case when id < 3 then 'cancelled' else 'completed' end`.execute(db)
    await db.selectFrom('posts').selectAll().orderBy('id').execute()
    for (const status of ['completed', 'cancelled']) {
      await db.selectFrom('posts').select('id').where('title', '=', status).execute()
    }
  },
}
