import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let id = 1; id <= 6; id++) await db.deleteFrom('comments').where('post_id', '=', id).execute()
  },
  options: { nPlusOneWrite: false },
}
