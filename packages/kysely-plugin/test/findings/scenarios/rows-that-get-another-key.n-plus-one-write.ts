import type { Scenario } from '../scenario.ts'

/** Each statement changes the column that it compares. The column is a key, so the statements concern different rows. */
export const scenario: Scenario = {
  async run(db) {
    const authors = await db.selectFrom('authors').select('id').orderBy('id').execute()
    for (const { id } of authors) {
      // here
      await db.updateTable('posts').set({ author_id: 9 }).where('author_id', '=', id).execute()
    }
  },
  findings: [{ kind: 'n_plus_one_write', evidence: 'proven', count: 3, source: ['select authors', 'id'] }],
}
