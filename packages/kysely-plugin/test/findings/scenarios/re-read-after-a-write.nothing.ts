import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let count = 0; count < 3; count++) {
      await db.selectFrom('posts').selectAll().where('id', '=', 1).execute()
      await db.updateTable('posts').set({ title: 'same' }).where('id', '=', 1).execute()
    }
  },
  options: { duplicateQuery: { atLeast: 2 }, nPlusOneWrite: false },
}
