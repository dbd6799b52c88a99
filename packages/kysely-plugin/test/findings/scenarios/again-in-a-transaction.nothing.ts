import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.selectFrom('posts').selectAll().where('id', '=', 1).execute()
    await db.transaction().execute(async (transaction) => {
      await transaction.selectFrom('posts').selectAll().where('id', '=', 1).execute()
    })
  },
}
