import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    for (const { id } of posts) {
      // here
      await sql.raw(`update posts set title = 'title ${id}' where id = ${id}`).execute(db)
    }
  },
  findings: [
    {
      kind: 'n_plus_one_write',
      evidence: 'proven',
      count: 6,

      source: ['select posts', 'id'],
    },
  ],
}
