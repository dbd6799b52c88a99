import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.transaction().execute(async (transaction) => {
      for (let count = 0; count < 3; count++) {
        await transaction.selectFrom('posts').selectAll().where('id', '=', 1).forUpdate().execute()
      }
    })
  },
}
