import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let index = 0; index < 30; index++) {
      // here
      await sql.raw(`select i from generate_series(1, ${1_200 + index}) i`).execute(db)
    }
  },
  options: { nPlusOne: false, largeResult: { rows: 1_000 } },
  findings: [{ kind: 'large_result', count: 30 }],
}
