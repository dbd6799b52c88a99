import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let trace = 1; trace <= 6; trace++) {
      const comment = sql.raw(`/* trace=${trace} */`)
      // here
      await sql`select id from posts where id = ${1} and title <> 'none' ${comment}`.execute(db)
    }
  },
  findings: [{ kind: 'duplicate_query', count: 6, distinctCount: 1, avoidableCount: 5 }],
}
