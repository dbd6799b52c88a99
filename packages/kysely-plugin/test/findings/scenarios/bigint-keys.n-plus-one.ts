import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const comments = await db.selectFrom('comments').select('id').orderBy('id').execute()
    // pg returns a bigint as a string, and the application sends a number.
    for (const { id } of comments) {
      // here
      await db.selectFrom('comments').selectAll().where('id', '=', Number(id)).execute()
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 12, source: ['select comments', 'id'] }],
}
