import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select(['id', 'title']).orderBy('id').execute()
    for (const { id, title } of posts) {
      // here
      await db.updateTable('posts').set({ title: title.toUpperCase() }).where('id', '=', id).execute()
    }
  },
  findings: [
    {
      kind: 'n_plus_one_write',
      evidence: 'proven',
      count: 6,
      source: ['select posts', 'id'],
      suggestion:
        "update all rows at once: `.updateTable('posts').from(rows).set((eb) => ({ title: eb.ref('rows.title') })).whereRef('posts.id', '=', 'rows.id')` (rows: json_to_recordset(…) as rows(id, title) with their types)",
    },
  ],
}
