import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.transaction().execute(async (trx) => {
      await trx.insertInto('posts').values({ author_id: 1, title: 'another' }).execute()
    })
    for (let id = 1; id <= 9; id++) {
      await db.transaction().execute(async (trx) => {
        await trx.updateTable('comments').set({ likes: id }).where('id', '=', id).execute()
      })
    }
  },
  options: { nPlusOneWrite: false, transactionPerItem: { atLeast: 10 } },
}
