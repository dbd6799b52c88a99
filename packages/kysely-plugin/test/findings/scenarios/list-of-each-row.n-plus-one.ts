import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const tags = sql<number[]>`(select array_agg(n) from generate_series(1, 1 + posts.id % 3) n)`
    const posts = await db
      .selectFrom('posts')
      .select(['id', tags.as('tag_ids')])
      .orderBy('id')
      .execute()
    for (const post of posts) {
      // here
      await db.selectFrom('authors').selectAll().where('id', 'in', post.tag_ids).execute()
    }
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',

      count: 6,
      distinctCount: 3,
      source: ['select select generate_series posts', 'tag_ids'],
    },
  ],
}
