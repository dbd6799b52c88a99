import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

const findAuthor = (db: Kysely<Blog>, id: number): Promise<unknown> =>
  db.selectFrom('authors').selectAll().where('id', '=', id).executeTakeFirst()

/** It returns the promise of another function, and leaves no frame once it has returned. */
const resolveAuthor = (db: Kysely<Blog>, post: { author_id: number }): Promise<unknown> =>
  findAuthor(db, post.author_id)

async function respond(db: Kysely<Blog>): Promise<void> {
  const posts = await db.selectFrom('posts').select('author_id').distinct().execute()
  // here
  for (const post of posts) await resolveAuthor(db, post)
}

export const scenario: Scenario = {
  async run(db) {
    await respond(db)
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',
      count: 3,
      function: 'respond',
      path: ['findAuthor', 'respond'],
    },
  ],
}
