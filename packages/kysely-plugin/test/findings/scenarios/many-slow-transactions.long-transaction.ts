import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let index = 0; index < 12; index++) {
      // here
      await db.transaction().execute(async (transaction) => {
        await sql`select pg_sleep(0.02)`.execute(transaction)
      })
    }
  },
  options: { longTransaction: { durationMillis: 10 }, idleInTransaction: false },
  findings: [{ kind: 'long_transaction', count: 12 }],
}
