import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await sql`
      create or replace function archive_post(post int) returns void language sql
      as 'update posts set title = title || ''!'' where id = post'`.execute(db)
    const titles = new Set<string>()
    for (let count = 0; count < 3; count++) {
      const post = await db.selectFrom('posts').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()
      titles.add(post.title)
      await sql`select archive_post(1)`.execute(db)
    }
    if (titles.size !== 3) throw new Error('Expected three different titles.')
  },
}
