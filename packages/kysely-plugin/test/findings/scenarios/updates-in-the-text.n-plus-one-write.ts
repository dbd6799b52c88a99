import { CompiledQuery } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let id = 1; id <= 6; id++) {
      // here
      await db.executeQuery(CompiledQuery.raw(`update comments set likes = 1 where id = ${id}`))
    }
  },
  findings: [{ kind: 'n_plus_one_write', evidence: 'repeated', count: 6 }],
}
