import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.transaction().execute(async (transaction) => {
      const posts = await transaction.selectFrom('posts').select('id').orderBy('id').execute()
      for (const post of posts) {
        // here
        await transaction.selectFrom('comments').selectAll().where('post_id', '=', post.id).execute()
      }
    })
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6 }],
}
