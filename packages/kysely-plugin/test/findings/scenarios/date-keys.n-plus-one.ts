import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const { rows } = await sql<{ day: Date }>`
      select date '2026-11-01' + i * interval '1 day' as day from generate_series(1, 3) i`.execute(db)
    for (const { day } of rows) {
      // here
      await sql`select count(*) from posts where ${day}::timestamptz > now()`.execute(db)
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 3, source: ['select generate_series', 'day'] }],
}
