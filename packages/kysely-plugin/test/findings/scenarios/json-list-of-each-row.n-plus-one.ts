import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const comments = sql<number[]>`(select json_agg(c.id) from comments c where c.post_id = posts.id)`
    const posts = await db.selectFrom('posts').select(comments.as('comment_ids')).orderBy('id').execute()
    for (const post of posts) {
      // here
      await sql`select body from comments where id = any(${post.comment_ids})`.execute(db)
    }
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',
      count: 6,
      source: ['select select comments posts', 'comment_ids'],
    },
  ],
}
