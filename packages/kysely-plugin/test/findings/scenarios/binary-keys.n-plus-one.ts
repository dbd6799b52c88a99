import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const { rows } = await sql<{ digest: Buffer }>`
      select sha256(title::bytea) as digest from posts`.execute(db)
    for (const { digest } of rows) {
      // here
      await sql`select id from posts where sha256(title::bytea) = ${digest}`.execute(db)
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6, source: ['select posts', 'digest'] }],
}
