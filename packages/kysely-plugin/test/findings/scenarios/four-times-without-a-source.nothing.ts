import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (const id of [11, 12, 13, 14]) {
      await db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    }
  },
}
