import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let count = 0; count < 4; count++) await sql`select random(), id from posts`.execute(db)
    for (let count = 0; count < 4; count++)
      await sql`select my_own(id) from posts`.execute(db).catch(() => undefined)
  },
}
