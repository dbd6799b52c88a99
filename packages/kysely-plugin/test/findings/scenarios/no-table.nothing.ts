import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** Whether somebody answers is another question each time. */
export const scenario: Scenario = {
  async run(db) {
    for (let time = 0; time < 5; time++) await sql`select 1`.execute(db)
  },
}
