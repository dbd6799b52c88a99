import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (const postId of [11, 12]) {
      for (const offset of [0, 2, 4]) {
        await db
          .selectFrom('comments')
          .selectAll()
          .where('post_id', '=', postId)
          .orderBy('id')
          .limit(2)
          .offset(offset)
          .execute()
      }
    }
  },
}
