import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').selectAll().orderBy('id').execute()
    for (const post of posts) {
      // here
      await db.selectFrom('authors').selectAll().where('id', '=', post.author_id).executeTakeFirst()
    }
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',
      count: 6,
      distinctCount: 3,
      source: ['select posts', 'author_id'],
      suggestion:
        "load them all with one query before the loop: `.where('id', '=', (eb) => eb.fn.any(eb.val(ids)))` (ids: the author_id of each row of select posts); or extend the source query: `.select((eb) => jsonObjectFrom(eb.selectFrom('authors').selectAll('authors').whereRef('authors.id', '=', 'posts.author_id')).as('authors'))` from kysely/helpers/postgres",
    },
  ],
}
