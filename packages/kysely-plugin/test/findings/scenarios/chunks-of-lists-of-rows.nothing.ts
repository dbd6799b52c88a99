import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** The ids of all rows are collected, and read in chunks. */
export const scenario: Scenario = {
  async run(db) {
    const documents = await db.selectFrom('documents').select('related').orderBy('title').execute()
    const keys = [...new Set(documents.flatMap(({ related }) => related))]
    for (let from = 0; from < keys.length; from += 2) {
      const chunk = keys.slice(from, from + 2)
      await db.selectFrom('documents').selectAll().where('id', 'in', chunk).execute()
    }
    const tags = sql<number[]>`(select array_agg(n) from generate_series(posts.id, posts.id * 2) n)`
    const posts = await db
      .selectFrom('posts')
      .select(['id', tags.as('tag_ids')])
      .orderBy('id')
      .execute()
    const ids = [...new Set(posts.flatMap((post) => post.tag_ids))]
    for (let from = 0; from < ids.length; from += 3) {
      const chunk = ids.slice(from, from + 3)
      await sql`select name from authors where id = any(${chunk})`.execute(db)
      await db.selectFrom('posts').selectAll().where('id', 'in', chunk).execute()
    }
  },
}
