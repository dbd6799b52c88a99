import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('author_id').orderBy('id').execute()
    for (const { author_id: id } of posts) {
      // here
      await sql.raw(`select * from authors where id = ${id}`).execute(db)
    }
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',
      count: 6,
      distinctCount: 3,
      source: ['select posts', 'author_id'],
    },
  ],
}
