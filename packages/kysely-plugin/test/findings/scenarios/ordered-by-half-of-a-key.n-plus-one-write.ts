import type { Scenario } from '../scenario.ts'

/** The first executions differ in one column of the key. The suggestion needs both columns. */
export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select(['id', 'author_id']).orderBy('author_id').execute()
    for (const { id, author_id: author } of posts) {
      const update = db.updateTable('posts').set({ title: `post ${id}` })
      // here
      await update.where('author_id', '=', author).where('id', '=', id).execute()
    }
  },
  findings: [
    {
      kind: 'n_plus_one_write',
      count: 6,
      suggestion:
        "update all rows at once: `.updateTable('posts').from(rows).set((eb) => ({ title: eb.ref('rows.title') })).whereRef('posts.author_id', '=', 'rows.author_id').whereRef('posts.id', '=', 'rows.id')` (rows: json_to_recordset(…) as rows(author_id, id, title) with their types)",
    },
  ],
}
