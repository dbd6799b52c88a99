import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

/** Until its first `await` it runs inside its callers, which then do not wait for it. */
async function respond(db: Kysely<Blog>): Promise<void> {
  for (const name of ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald']) {
    // here
    await db.selectFrom('authors').selectAll().where('name', '=', name).executeTakeFirst()
  }
}

const middleware = (next: () => Promise<void>, done: (error?: unknown) => void): void =>
  void next().then(() => done(), done)

export const scenario: Scenario = {
  run: (db) =>
    new Promise<void>((resolve, reject) =>
      middleware(
        () => respond(db),
        (error) => (error === undefined ? resolve() : reject(error as Error)),
      ),
    ),
  findings: [{ kind: 'n_plus_one', evidence: 'repeated', count: 5, distinctCount: 5, function: 'respond' }],
}
