import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let post = 1; post <= 6; post++) {
      // here
      await db.deleteFrom('comments').where('post_id', '=', post).where('likes', '<', 9).execute()
    }
  },
  findings: [{ kind: 'n_plus_one_write', evidence: 'repeated', count: 6 }],
}
