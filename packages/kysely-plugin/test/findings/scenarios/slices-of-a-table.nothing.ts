import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let from = 0; from < 16; from += 2) {
      await db
        .selectFrom('comments')
        .selectAll()
        .where('id', '>', from)
        .where('id', '<=', from + 2)
        .execute()
      await db
        .updateTable('comments')
        .set({ likes: 1 })
        .where('id', '>', from)
        .where('id', '<=', from + 2)
        .execute()
    }
  },
}
