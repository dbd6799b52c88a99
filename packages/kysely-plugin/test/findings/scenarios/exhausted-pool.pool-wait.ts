import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    // The pool has four connections.
    // here
    await Promise.all(Array.from({ length: 6 }, () => sql`select pg_sleep(0.2)`.execute(db)))
  },
  options: { poolWait: { durationMillis: 100 }, duplicateQuery: false },
  findings: [{ kind: 'pool_wait' }],
}
