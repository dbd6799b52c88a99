import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let attempt = 0; attempt < 6; attempt++) {
      await sql`select 1 / (id - id) from comments where post_id = ${1}`.execute(db).catch(() => undefined)
    }
  },
}
