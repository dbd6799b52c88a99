import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    const ids = posts.map(({ id }) => id)
    const liked = db.selectFrom('comments').select(['post_id', 'likes']).where('post_id', 'in', ids)
    await liked.orderBy('post_id').execute()
    for (const { id } of posts) {
      // here
      await db.selectFrom('comments').select('body').where('post_id', '=', id).execute()
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6, source: ['select posts', 'id'] }],
}
