import { withoutFindings } from '@querylens/core'
import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await withoutFindings(async () => {
      for (let index = 0; index < 20; index++)
        await sql.raw(`select ${'id, '.repeat(index)} 1 from posts`).execute(db)
    })
    for (let index = 0; index < 10; index++)
      await sql.raw(`select ${'id, '.repeat(index)} title from posts`).execute(db)
  },
  options: { chattyScope: { atLeast: 11 } },
}
