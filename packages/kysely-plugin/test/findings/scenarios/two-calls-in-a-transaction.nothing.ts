import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  run: (db) =>
    db.transaction().execute(async (transaction) => {
      const posts = await transaction.selectFrom('posts').select('id').orderBy('id').limit(2).execute()
      const [first, second] = posts.map(({ id }) => id)
      await readComments(transaction, first!)
      await Promise.resolve()
      await readComments(transaction, second!)
    }),
}

async function readComments(db: Kysely<Blog>, id: number): Promise<void> {
  // The second call is sent after an await.
  if (id > 1) await Promise.resolve()
  await db.selectFrom('comments').select('body').where('post_id', '=', id).execute()
}
