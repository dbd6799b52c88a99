import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').selectAll().where('author_id', '=', 1).execute()
    for (const post of [...posts, ...posts]) {
      // here
      await db.selectFrom('authors').selectAll().where('id', '=', post.author_id).executeTakeFirst()
    }
  },
  findings: [{ kind: 'duplicate_query', count: 4, distinctCount: 1, avoidableCount: 3 }],
}
