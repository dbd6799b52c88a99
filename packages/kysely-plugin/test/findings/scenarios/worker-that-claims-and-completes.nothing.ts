import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** Each turn claims one item and completes it, once without a transaction and once in one. */
export const scenario: Scenario = {
  async run(db) {
    for (let turn = 0; turn < 7; turn++) {
      const { rows } = await sql<{ id: number }>`
        update comments set likes = 1
        where id = (select id from comments where likes = 0 order by id limit 1 for update skip locked)
        returning id`.execute(db)
      for (const { id } of rows) {
        await db.selectFrom('comments').select('body').where('id', '=', id).execute()
        await db.updateTable('comments').set({ likes: 2 }).where('id', '=', id).execute()
      }
    }
    for (let turn = 0; turn < 7; turn++) {
      await db.transaction().execute(async (trx) => {
        const post = await trx
          .selectFrom('posts')
          .select('id')
          .where('title', '<>', 'done')
          .orderBy('id')
          .limit(1)
          .forUpdate()
          .skipLocked()
          .executeTakeFirst()
        if (post === undefined) return
        await trx.updateTable('posts').set({ title: 'done' }).where('id', '=', post.id).execute()
      })
    }
  },
}
