import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let count = 0; count < 6; count++) {
      await db.transaction().execute(async (transaction) => {
        await sql`select ${count}::int`.execute(transaction).catch(() => undefined)
      })
    }
  },
  options: { nPlusOne: false },
}
