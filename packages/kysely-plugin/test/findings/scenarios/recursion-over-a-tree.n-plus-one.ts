import type { Kysely } from 'kysely'

import type { Blog, Scenario } from '../scenario.ts'

/** Reads a tree of posts: `editor_id` holds the parent. */
async function visit(db: Kysely<Blog>, id: number): Promise<void> {
  const children = await db
    .selectFrom('posts')
    .select('id')
    .where('editor_id', '=', id)
    .orderBy('id')
    .execute()
  // here
  for (const child of children) await visit(db, child.id)
}

export const scenario: Scenario = {
  async run(db) {
    for (const [id, parent] of [
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 2],
      [6, 3],
    ] as const) {
      await db.updateTable('posts').set({ editor_id: parent }).where('id', '=', id).execute()
    }
    await db.updateTable('posts').set({ editor_id: null }).where('id', '=', 1).execute()
    await visit(db, 1)
  },
  options: { nPlusOneWrite: false },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6 }],
}
