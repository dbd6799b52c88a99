import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let index = 0; index < 6; index++) {
      await db
        .insertInto('comments')
        .values({ post_id: 1, body: `another ${index}` })
        // here
        .execute()
    }
  },
  findings: [
    {
      kind: 'n_plus_one_write',
      evidence: 'repeated',
      count: 6,
      suggestion:
        "insert all rows at once: `.insertInto('comments').values([…])` with one object for each row; skip it without rows, and pass at most 1,000 rows at once",
    },
  ],
}
