import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select(['id', 'key']).limit(2).execute()
    for (const { key } of posts) {
      // here
      await sql`select * from posts where key = ${sql.lit(key)} and author_id > ${0}`.execute(db)
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 2, source: ['select posts', 'key'] }],
}
