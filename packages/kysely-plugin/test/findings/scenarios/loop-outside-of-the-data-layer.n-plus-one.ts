import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

async function listPosts(db: Kysely<Blog>): Promise<unknown[]> {
  const listed: unknown[] = []
  for (const { id } of await findPosts(db)) {
    // here
    listed.push(await findComments(db, id))
  }
  return listed
}

async function findPosts(db: Kysely<Blog>): Promise<{ id: number }[]> {
  return await db.selectFrom('posts').select('id').orderBy('id').execute()
}

async function findComments(db: Kysely<Blog>, postId: number): Promise<unknown[]> {
  return await db.selectFrom('comments').selectAll().where('post_id', '=', postId).execute()
}

export const scenario: Scenario = {
  async run(db) {
    await listPosts(db)
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',
      count: 6,
      function: 'listPosts',
      path: ['findComments', 'listPosts'],
    },
  ],
}
