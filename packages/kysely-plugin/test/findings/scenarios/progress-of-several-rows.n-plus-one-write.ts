import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let id = 1; id <= 5; id++) {
      for (const likes of [10, 20]) {
        // here
        await db.updateTable('comments').set({ likes }).where('id', '=', id).execute()
      }
    }
  },
  findings: [{ kind: 'n_plus_one_write', evidence: 'repeated', count: 10, distinctCount: 10 }],
}
