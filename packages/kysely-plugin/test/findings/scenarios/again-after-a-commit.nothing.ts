import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

async function titleOf(db: Kysely<Blog>): Promise<string> {
  const post = await db.selectFrom('posts').selectAll().where('id', '=', 1).executeTakeFirstOrThrow()
  return post.title
}

/** The second connection reads before and after the transaction makes its write visible. */
export const scenario: Scenario = {
  async run(db) {
    const before = await db.transaction().execute(async (transaction) => {
      await transaction.updateTable('posts').set({ title: 'changed' }).where('id', '=', 1).execute()
      await db.selectFrom('authors').selectAll().execute()
      return await titleOf(db)
    })
    if ((await titleOf(db)) === before) throw new Error('Expected different titles.')
  },
  options: { secondConnection: false },
}
