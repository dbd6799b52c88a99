import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let batch = 0; batch < 12; batch++) {
      await db.transaction().execute(async (trx) => {
        const rows = Array.from({ length: 3 }, (_, index) => ({ author_id: batch, title: `post ${index}` }))
        await trx.insertInto('posts').values(rows).execute()
      })
    }
    // A worker commits each job for itself: another one may take the next job.
    for (let job = 0; job < 12; job++) {
      await db.transaction().execute(async (trx) => {
        const claimed = sql`select id from comments order by id limit 1 for update skip locked`
        await sql`delete from comments where id = (${claimed})`.execute(trx)
      })
    }
    // Each attempt but the last one is rolled back.
    for (let attempt = 0; attempt < 12; attempt++) {
      const transaction = db.transaction().execute(async (trx) => {
        await trx.updateTable('authors').set({ name: 'changed' }).where('id', '=', 1).execute()
        throw new Error('try again')
      })
      await transaction.catch(() => undefined)
    }
  },
  options: { nPlusOneWrite: false, duplicateQuery: false },
}
