import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    // here
    await sql`select repeat('x', 300000) as body from posts where id > 0`.execute(db)
  },
  options: { largeResult: { bytes: 1_000_000 } },
  findings: [{ kind: 'large_result' }],
}
