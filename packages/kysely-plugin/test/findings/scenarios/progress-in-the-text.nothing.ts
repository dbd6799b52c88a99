import { CompiledQuery } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let likes = 0; likes < 6; likes++) {
      await db.executeQuery(CompiledQuery.raw(`update comments set likes = ${likes} where id = 1`))
    }
  },
}
