import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').selectAll().orderBy('id').execute()
    for (const post of posts) {
      await Promise.all([
        // here: authors
        db.selectFrom('authors').selectAll().where('id', '=', post.author_id).execute(),
        // here: comments
        db.selectFrom('comments').selectAll().where('post_id', '=', post.id).execute(),
      ])
    }
  },
  findings: [
    { kind: 'n_plus_one', summary: 'select comments', count: 6, here: 'comments' },
    { kind: 'n_plus_one', summary: 'select authors', count: 6, here: 'authors' },
  ],
}
