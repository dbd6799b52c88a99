import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').selectAll().orderBy('id').execute()
    await Promise.all([
      db
        .selectFrom('authors')
        .selectAll()
        .where(
          'id',
          'in',
          posts.map((post) => post.author_id),
        )
        .execute(),
      db
        .selectFrom('comments')
        .selectAll()
        .where(
          'post_id',
          'in',
          posts.map((post) => post.id),
        )
        .execute(),
    ])
  },
}
