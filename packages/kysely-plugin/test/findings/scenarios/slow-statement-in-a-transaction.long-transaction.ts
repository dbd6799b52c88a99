import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    // here
    await db.transaction().execute(async (transaction) => {
      await sql`select pg_sleep(0.3)`.execute(transaction)
    })
  },
  options: { longTransaction: { durationMillis: 200 }, idleInTransaction: { durationMillis: 200 } },
  findings: [{ kind: 'long_transaction' }],
}
