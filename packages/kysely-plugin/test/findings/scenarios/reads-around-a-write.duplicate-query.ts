import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (const title of ['first', undefined, 'second', undefined]) {
      if (title !== undefined) await db.updateTable('posts').set({ title }).where('id', '=', 1).execute()
      // here
      await db.selectFrom('posts').selectAll().where('id', '=', 1).execute()
    }
  },
  // Two of the four reads come first after a write.
  findings: [{ kind: 'duplicate_query', count: 4, distinctCount: 1, avoidableCount: 2 }],
}
