import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.transaction().execute(async (trx) => {
      await trx.selectFrom('posts').selectAll().where('id', '=', 1).execute()
      // here
      await db.transaction().execute(async (inner) => {
        await inner.selectFrom('authors').selectAll().where('id', '=', 1).execute()
      })
    })
  },
  findings: [{ kind: 'second_connection', count: 1 }],
}
