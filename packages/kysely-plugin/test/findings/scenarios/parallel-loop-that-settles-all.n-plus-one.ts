import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    await Promise.allSettled(
      // here
      posts.map((post) => db.selectFrom('comments').selectAll().where('post_id', '=', post.id).execute()),
    )
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6 }],
}
