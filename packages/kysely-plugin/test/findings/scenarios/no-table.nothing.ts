import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** A statement without a table checks whether the database responds, and may repeat. */
export const scenario: Scenario = {
  async run(db) {
    for (let time = 0; time < 5; time++) await sql`select 1`.execute(db)
  },
}
