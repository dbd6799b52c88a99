import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const documents = await db.selectFrom('documents').select(['id', 'related']).orderBy('title').execute()
    for (const document of documents) {
      const list = document.related.map((id) => `'${id}'`).join(', ')
      // here
      await sql.raw(`select title from documents where title <> 'draft' and id in (${list})`).execute(db)
    }
  },
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'proven',
      count: 4,

      source: ['select documents', 'related'],
    },
  ],
}
