import { setTimeout } from 'node:timers/promises'

import type { Scenario } from '../scenario.ts'

/** A worker that waits between its statements: each row exists only when its event has happened. */
export const scenario: Scenario = {
  async run(db) {
    for (let event = 1; event <= 6; event++) {
      await setTimeout(10)
      await db
        .insertInto('comments')
        .values({ post_id: 1, body: `event ${event}` })
        .execute()
      await db.updateTable('posts').set({ title: 'done' }).where('id', '=', event).execute()
      await db.selectFrom('posts').selectAll().where('id', '=', event).execute()
    }
  },
}
