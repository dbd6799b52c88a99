import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (const ids of [
      [1, 2],
      [2, 3, 4],
      [4, 1],
      [3, 5],
      [5, 1, 6],
      [6, 2],
    ]) {
      // here
      await db.selectFrom('comments').selectAll().where('post_id', 'in', ids).execute()
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'repeated', count: 6, distinctCount: 6 }],
}
