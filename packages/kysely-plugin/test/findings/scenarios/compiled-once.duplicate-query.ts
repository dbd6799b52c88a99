import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const compiled = db.selectFrom('authors').selectAll().where('id', '=', 1).compile()
    // here
    for (let count = 0; count < 3; count++) await db.executeQuery(compiled)
  },
  findings: [{ kind: 'duplicate_query', count: 3, callers: ['run'] }],
}
