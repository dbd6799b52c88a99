import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let count = 0; count < 6; count++) {
      // here
      await db.selectFrom('authors').selectAll().where('id', '=', 2).executeTakeFirst()
    }
  },
  findings: [
    {
      kind: 'duplicate_query',
      count: 6,
      distinctCount: 1,
      avoidableCount: 5,
      suggestion:
        'load the result once in this scope and pass it on, or keep it in a loader or cache for the scope: this saves 5 of 6 calls',
    },
  ],
}
