import type { Scenario } from '../scenario.ts'

/** The ids occur in the results of the loop itself, such as the comments 1 and 2 of post 1. These prove nothing. */
export const scenario: Scenario = {
  async run(db) {
    for (const id of [1, 2, 3, 4]) {
      await db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    }
  },
}
