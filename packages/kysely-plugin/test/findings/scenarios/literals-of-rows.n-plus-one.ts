import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').limit(3).execute()
    for (const { id } of posts) {
      // here
      await sql.raw(`select * from comments where post_id = ${id} and likes = 0 limit 10`).execute(db)
    }
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',
      count: 3,
      distinctCount: 3,

      source: ['select posts', 'id'],
    },
  ],
}
