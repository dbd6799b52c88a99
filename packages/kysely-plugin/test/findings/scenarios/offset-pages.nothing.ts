import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let page = 0; page < 7; page++) {
      await db
        .selectFrom('comments')
        .selectAll()
        .orderBy('id')
        .limit(2)
        .offset(page * 2)
        .execute()
    }
  },
}
