import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

const findAuthor = (db: Kysely<Blog>, name: string): Promise<unknown> =>
  db.selectFrom('authors').selectAll().where('name', '=', name).executeTakeFirst()

const respond = (db: Kysely<Blog>): Promise<unknown> =>
  // here
  Promise.all(['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald'].map((name) => findAuthor(db, name)))

export const scenario: Scenario = {
  run: (db) => respond(db),
  findings: [
    {
      kind: 'n_plus_one',
      evidence: 'repeated',
      count: 5,
      function: 'respond',
      path: ['findAuthor', 'respond'],
    },
  ],
}
