import { setTimeout } from 'node:timers/promises'

import type { Scenario } from '../scenario.ts'

/** The source query had all rows at once, so the waits between the statements change nothing. */
export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    for (const { id } of posts) {
      await setTimeout(10)
      // here
      await db.updateTable('posts').set({ title: 'sent' }).where('id', '=', id).execute()
    }
  },
  findings: [{ kind: 'n_plus_one_write', evidence: 'proven', count: 6 }],
}
