import { setTimeout } from 'node:timers/promises'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    // here
    await db.transaction().execute(async (transaction) => {
      await transaction.selectFrom('posts').selectAll().where('id', '=', 1).execute()
      await setTimeout(120)
    })
  },
  options: { longTransaction: { durationMillis: 100 }, idleInTransaction: { durationMillis: 100 } },
  findings: [{ kind: 'long_transaction' }, { kind: 'idle_in_transaction' }],
}
