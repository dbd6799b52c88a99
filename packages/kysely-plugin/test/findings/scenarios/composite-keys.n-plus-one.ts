import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select(['author_id', 'title']).orderBy('id').execute()
    for (const { author_id: authorId, title } of posts) {
      await db
        .selectFrom('posts')
        .selectAll()
        .where('author_id', '=', authorId)
        .where('title', '=', title)
        // here
        .execute()
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6, distinctCount: 6 }],
}
