import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for await (const post of db.selectFrom('posts').select('id').orderBy('id').stream(1)) {
      // here
      await db.selectFrom('comments').selectAll().where('post_id', '=', post.id).execute()
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6, source: ['select posts', 'id'] }],
}
