import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.transaction().execute(async (trx) => {
      await trx.updateTable('posts').set({ title: 'changed' }).where('id', '=', 1).execute()
      await notifyAuthor(db)
    })
  },
  findings: [
    {
      kind: 'second_connection',
      count: 1,
      function: 'notifyAuthor',
      suggestion:
        'use the transaction that the callback gets, not db: a query on db does not see the changes of the transaction, and it waits without end once such transactions hold all connections of the pool',
    },
  ],
}

/** Uses the database rather than the transaction of its caller. */
async function notifyAuthor(db: Kysely<Blog>): Promise<void> {
  // here
  await db.selectFrom('authors').selectAll().where('id', '=', 1).execute()
}
