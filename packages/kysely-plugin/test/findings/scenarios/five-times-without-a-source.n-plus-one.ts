import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (const id of [11, 12, 13, 14, 15]) {
      // here
      await db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    }
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'repeated',
      count: 5,
      suggestion:
        "load them all with one query before the loop: `.where('post_id', '=', (eb) => eb.fn.any(eb.val(ids)))`",
    },
  ],
}
