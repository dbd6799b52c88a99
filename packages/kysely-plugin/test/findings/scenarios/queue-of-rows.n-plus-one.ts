import type { Scenario } from '../scenario.ts'

/** The application shortens its list in each turn. Querylens remembers the values of the returned rows. */
export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').limit(4).execute()
    for (let post = posts.shift(); post !== undefined; post = posts.shift()) {
      // here
      await db.selectFrom('comments').selectAll().where('post_id', '=', post.id).execute()
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 4, source: ['select posts', 'id'] }],
}
