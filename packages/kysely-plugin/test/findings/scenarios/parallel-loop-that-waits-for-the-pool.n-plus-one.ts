import { sql } from 'kysely'
import { expect } from 'vitest'

import type { Scenario } from '../scenario.ts'

/** The queries of the loop wait for one another. */
export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    const read = async (id: number): Promise<unknown> => {
      return await sql`select *, pg_sleep(0.05) from comments where post_id = ${id}`.execute(db)
    }
    // here
    await Promise.all([...posts, ...posts, ...posts].map(({ id }) => read(id)))
  },
  options: { poolWait: { durationMillis: 20 } },
  findings: [
    {
      kind: 'n_plus_one',
      count: 18,
      suggestion: expect.stringMatching(/; this also saves \d+ ms of waiting for connections of the pool$/),
    },
  ],
}
