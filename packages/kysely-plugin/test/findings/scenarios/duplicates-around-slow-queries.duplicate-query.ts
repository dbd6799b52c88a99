import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** Between the reads the scope waits for the database alone. */
export const scenario: Scenario = {
  async run(db) {
    for (let turn = 0; turn < 5; turn++) {
      // here
      await db.selectFrom('posts').select('title').where('id', '=', 1).execute()
      await sql`select count(*) from authors, generate_series(1, 100000 + ${turn}) i`.execute(db)
    }
  },
  options: { nPlusOne: false },
  findings: [{ kind: 'duplicate_query', count: 5, avoidableCount: 4 }],
}
