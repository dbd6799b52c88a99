import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('key').execute()
    for (const { key } of posts) {
      // here
      await db.selectFrom('documents').selectAll().where('id', '=', key.toUpperCase()).execute()
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6, source: ['select posts', 'key'] }],
}
