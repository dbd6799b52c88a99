import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    // here
    for (const { id } of posts) await db.deleteFrom('comments').where('post_id', '=', id).execute()
  },
  findings: [
    {
      kind: 'n_plus_one_write',
      evidence: 'proven',
      count: 6,
      suggestion:
        "delete all rows at once: `.deleteFrom('comments').where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))` (ids: the id of each row of select posts)",
    },
  ],
}
