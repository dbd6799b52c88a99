import type { Scenario } from '../scenario.ts'

/** What the loop reads itself, such as the comments 1 and 2 of post 1, does not prove where it got its ids. */
export const scenario: Scenario = {
  async run(db) {
    for (const id of [1, 2, 3, 4]) {
      await db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    }
  },
}
