import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await sql`insert into comments (post_id, body) select i, 'x' from generate_series(1, 1200) i`.execute(db)
    // here
    await db.selectFrom('comments').selectAll().execute()
  },
  findings: [{ kind: 'large_result', summary: 'select comments' }],
}
