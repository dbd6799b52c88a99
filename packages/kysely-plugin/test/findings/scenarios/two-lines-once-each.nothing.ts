import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

async function findAuthor(db: Kysely<Blog>, id: number | null): Promise<unknown> {
  return await db.selectFrom('authors').selectAll().where('id', '=', id).executeTakeFirst()
}

export const scenario: Scenario = {
  async run(db) {
    const [first] = await db.selectFrom('posts').selectAll().orderBy('id').limit(2).execute()
    const author = await findAuthor(db, first!.author_id)
    const editor = await findAuthor(db, first!.editor_id)
    if (author === editor) throw new Error('Expected two different authors.')
  },
}
