import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.selectFrom('posts').select('id').orderBy('id').execute()
    for (const id of ['1', '2', '3', '4']) {
      await db
        .selectFrom('comments')
        .selectAll()
        .where('id', '=', id as never)
        .execute()
    }
  },
}
