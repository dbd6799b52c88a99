import type { Scenario } from '../scenario.ts'

/** Each read follows a write to another table, which has no effect on it. Five equal results show that. */
export const scenario: Scenario = {
  async run(db) {
    for (let index = 0; index < 8; index++) {
      // here
      await db.selectFrom('authors').selectAll().where('id', '=', 1).execute()
      await db
        .insertInto('comments')
        .values({ post_id: 1, body: `${index}` })
        .execute()
    }
  },
  options: { nPlusOneWrite: false },
  findings: [{ kind: 'duplicate_query', count: 7, distinctCount: 1, avoidableCount: 6 }],
}
