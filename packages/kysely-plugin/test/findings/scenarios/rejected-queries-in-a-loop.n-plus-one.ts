import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    const outcomes: string[] = []
    for (const { id } of posts) {
      const query = sql`select 1 / (id - id) from comments where post_id = ${id}`
      // here
      await query.execute(db).catch(() => outcomes.push('failed'))
    }
    if (outcomes.length !== 6) throw new Error('Expected each query to divide by zero.')
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6 }],
}
