import { setImmediate } from 'node:timers/promises'

import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

async function findAuthor(db: Kysely<Blog>, name: string): Promise<unknown> {
  // here
  return await db.selectFrom('authors').selectAll().where('name', '=', name).executeTakeFirst()
}

/** When the driver gets the query, nothing awaits the helper yet. */
async function respond(db: Kysely<Blog>): Promise<void> {
  for (const name of ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald']) {
    const author = findAuthor(db, name)
    await setImmediate()
    await setImmediate()
    await author
  }
}

export const scenario: Scenario = {
  async run(db) {
    // Each query gets an open connection of the pool at once.
    await db.selectFrom('authors').selectAll().limit(1).execute()
    await respond(db)
  },
  findings: [{ kind: 'n_plus_one', evidence: 'repeated', count: 5, path: ['findAuthor', 'respond'] }],
}
