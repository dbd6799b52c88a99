import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

const findAuthor = (db: Kysely<Blog>, name: string): Promise<unknown> =>
  db.selectFrom('authors').selectAll().where('name', '=', name).executeTakeFirst()

/** Each look-up has a line of its own: it is no loop. */
export const scenario: Scenario = {
  run: (db) =>
    Promise.all([
      findAuthor(db, 'Ada'),
      findAuthor(db, 'Grace'),
      findAuthor(db, 'Edsger'),
      findAuthor(db, 'Barbara'),
      findAuthor(db, 'Donald'),
    ]),
}
