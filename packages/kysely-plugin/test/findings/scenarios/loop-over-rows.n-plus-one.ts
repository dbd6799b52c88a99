import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').selectAll().orderBy('id').execute()
    for (const post of posts) {
      // here
      await db.selectFrom('comments').selectAll().where('post_id', '=', post.id).execute()
    }
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',
      count: 6,
      distinctCount: 6,
      avoidableCount: 5,
      function: 'run',
      source: ['select posts', 'id'],
      suggestion:
        "load them all with one query before the loop: `.where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))` (ids: the id of each row of select posts); or extend the source query: `.select((eb) => jsonArrayFrom(eb.selectFrom('comments').selectAll('comments').whereRef('comments.post_id', '=', 'posts.id')).as('comments'))` from kysely/helpers/postgres",
    },
  ],
}
