import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let count = 0; count < 12; count++) {
      await db.selectFrom('authors').selectAll().where('id', '=', 2).execute()
    }
  },
  options: { chattyScope: { atLeast: 11 }, duplicateQuery: false },
  findings: [{ kind: 'chatty_scope', count: 12 }],
}
