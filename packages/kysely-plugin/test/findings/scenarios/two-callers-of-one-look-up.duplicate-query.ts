import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

async function findAuthor(db: Kysely<Blog>): Promise<unknown> {
  // here
  return await db.selectFrom('authors').selectAll().where('id', '=', 1).executeTakeFirst()
}

async function authenticate(db: Kysely<Blog>): Promise<unknown> {
  return await findAuthor(db)
}

async function respond(db: Kysely<Blog>): Promise<unknown> {
  return await findAuthor(db)
}

export const scenario: Scenario = {
  async run(db) {
    await authenticate(db)
    await respond(db)
  },
  findings: [{ kind: 'duplicate_query', count: 2, callers: ['authenticate', 'respond'] }],
}
