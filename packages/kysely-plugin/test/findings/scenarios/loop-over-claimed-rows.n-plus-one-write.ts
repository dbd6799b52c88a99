import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** Each turn claims several items, and completes them one by one. */
export const scenario: Scenario = {
  async run(db) {
    for (let turn = 0; turn < 2; turn++) {
      const { rows } = await sql<{ id: number }>`
        select id from comments where likes = 0 order by id limit 6 for update skip locked`.execute(db)
      for (const { id } of rows) {
        // here
        await db.updateTable('comments').set({ likes: 2 }).where('id', '=', id).execute()
      }
    }
  },
  findings: [{ kind: 'n_plus_one_write', evidence: 'proven', count: 12 }],
}
