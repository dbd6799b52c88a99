import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let length = 1; length <= 7; length++) {
      const ids = Array.from({ length }, (_, index) => index + 1)
      await db.selectFrom('comments').selectAll().where('post_id', 'in', ids).execute()
    }
  },
}
