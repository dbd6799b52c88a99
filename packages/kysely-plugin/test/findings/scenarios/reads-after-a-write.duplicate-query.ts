import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.updateTable('posts').set({ title: 'new' }).where('id', '=', 1).execute()
    for (let count = 0; count < 2; count++) {
      // here
      await db.selectFrom('posts').selectAll().where('id', '=', 1).execute()
    }
  },
  findings: [{ kind: 'duplicate_query', count: 2, distinctCount: 1, avoidableCount: 1 }],
}
