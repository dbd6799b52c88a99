import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** The loop does not cause the wait. */
export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    for (const { id } of posts) {
      // here: loop
      await db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    }
    // The pool has four connections.
    // here: wait
    await Promise.all(Array.from({ length: 6 }, () => sql`select pg_sleep(0.2)`.execute(db)))
  },
  options: { poolWait: { durationMillis: 100 } },
  findings: [
    { kind: 'n_plus_one', here: 'loop', count: 6 },
    { kind: 'pool_wait', here: 'wait' },
  ],
}
