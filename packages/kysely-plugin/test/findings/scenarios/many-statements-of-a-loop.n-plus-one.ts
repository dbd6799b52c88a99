import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    for (const { id } of [...posts, ...posts]) {
      // here
      await db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    }
  },
  options: { chattyScope: { atLeast: 11 } },
  findings: [{ kind: 'n_plus_one', count: 12, distinctCount: 6 }],
}
