import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let id = 1; id <= 6; id++) {
      const rows = JSON.stringify([{ post_id: id, body: `of ${id}` }])
      // here
      await sql`insert into comments (post_id, body) select * from json_to_recordset(${rows}) as r(post_id int, body text)`.execute(
        db,
      )
    }
  },
  findings: [
    {
      kind: 'n_plus_one_write',
      evidence: 'repeated',
      count: 6,
      suggestion:
        'collect the rows of all executions, and send them with one execution: its parameter takes many',
    },
  ],
}
