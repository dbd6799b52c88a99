import type { Scenario } from '../scenario.ts'

/** The column `author_id` holds the same ids. The order of the rows tells the columns apart. */
export const scenario: Scenario = {
  async run(db) {
    for (const post of await db.selectFrom('posts').selectAll().orderBy('id').execute()) {
      // here
      await db.selectFrom('authors').selectAll().where('id', '=', post.editor_id).execute()
    }
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',
      count: 6,
      distinctCount: 3,
      source: ['select posts', 'editor_id'],
    },
  ],
}
