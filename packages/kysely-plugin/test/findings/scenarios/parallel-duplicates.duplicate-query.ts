import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = Array.from({ length: 5 }, () => db.selectFrom('posts').selectAll().where('id', '=', 1))
    // here
    await Promise.all(posts.map((post) => post.execute()))
  },
  findings: [{ kind: 'duplicate_query', count: 5, avoidableCount: 4 }],
}
