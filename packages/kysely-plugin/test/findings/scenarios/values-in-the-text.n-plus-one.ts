import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let id = 1; id <= 6; id++) {
      // here
      await sql.raw(`select * from comments where post_id = ${id}`).execute(db)
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'repeated', count: 6, distinctCount: 6 }],
}
