import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const post = await db.selectFrom('posts').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()
    await db.selectFrom('authors').selectAll().where('id', '=', post.author_id).execute()
    await db.selectFrom('comments').selectAll().where('post_id', '=', post.id).execute()
  },
}
