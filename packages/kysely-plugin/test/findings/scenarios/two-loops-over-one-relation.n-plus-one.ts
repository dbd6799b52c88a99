import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

async function countComments(db: Kysely<Blog>, postId: number): Promise<unknown> {
  return await db
    .selectFrom('comments')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('post_id', '=', postId)
    .execute()
}

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    // here: first
    for (const { id } of posts.slice(0, 3)) await countComments(db, id)
    // here: second
    for (const { id } of posts.slice(3)) await countComments(db, id)
  },
  findings: [
    { kind: 'n_plus_one', evidence: 'proven', count: 3, here: 'first' },
    { kind: 'n_plus_one', evidence: 'proven', count: 3, here: 'second' },
  ],
}
