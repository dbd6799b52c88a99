import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

const findAuthor = (db: Kysely<Blog>, name: string): Promise<unknown> =>
  // here
  db.selectFrom('authors').selectAll().where('name', '=', name).executeTakeFirst()

async function respond(db: Kysely<Blog>): Promise<void> {
  for (const name of ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald']) await findAuthor(db, name)
}

export const scenario: Scenario = {
  run: (db) => db.transaction().execute((transaction) => respond(transaction)),
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'repeated',
      count: 5,
      function: 'findAuthor',
      path: ['findAuthor', 'respond'],
    },
  ],
}
