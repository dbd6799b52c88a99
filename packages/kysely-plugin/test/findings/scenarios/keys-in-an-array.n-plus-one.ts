import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const document = await db.selectFrom('documents').select('related').limit(1).executeTakeFirstOrThrow()
    for (const id of document.related) {
      // here
      await db.selectFrom('documents').select('title').where('id', '=', id).execute()
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 3, source: ['select documents', 'related'] }],
}
