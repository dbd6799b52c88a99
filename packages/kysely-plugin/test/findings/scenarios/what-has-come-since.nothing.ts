import type { Scenario } from '../scenario.ts'

/** Each read continues after the last row of the one before, without a LIMIT. */
export const scenario: Scenario = {
  async run(db) {
    let last = 0
    for (let turn = 0; turn < 6; turn++) {
      await db.insertInto('comments').values({ post_id: 1, body: 'new' }).execute()
      const since = db.selectFrom('comments').selectAll().where('post_id', '=', 1).where('id', '>', last)
      const comments = await since.orderBy('id').execute()
      last = comments.at(-1)!.id
    }
  },
}
