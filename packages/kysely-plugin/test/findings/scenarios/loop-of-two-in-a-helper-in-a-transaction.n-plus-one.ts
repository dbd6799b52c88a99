import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

/** In a transaction the first query of a function is sent before the function awaits, so it has another stack. */
export const scenario: Scenario = {
  run: (db) =>
    db.transaction().execute(async (transaction) => {
      const posts = await transaction.selectFrom('posts').select('id').orderBy('id').limit(2).execute()
      const ids = posts.map(({ id }) => id)
      // here
      await readComments(transaction, ids)
    }),
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 2, source: ['select posts', 'id'] }],
}

async function readComments(db: Kysely<Blog>, ids: readonly number[]): Promise<void> {
  for (const id of ids) await db.selectFrom('comments').select('body').where('post_id', '=', id).execute()
}
