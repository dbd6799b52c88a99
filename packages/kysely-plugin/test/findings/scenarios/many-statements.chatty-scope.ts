import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let index = 0; index < 12; index++) {
      await sql.raw(`select ${'id, '.repeat(index)} title from posts`).execute(db)
    }
  },
  options: { chattyScope: { atLeast: 11 } },
  findings: [{ kind: 'chatty_scope', count: 12 }],
}
