import { withoutFindings } from '@querylens/core'

import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    const load = (id: number) => db.selectFrom('comments').selectAll().where('post_id', '=', id).execute()
    for (const { id } of posts.slice(1)) await withoutFindings(() => withoutFindings(() => load(id)))
    await load(posts[0]!.id)
  },
}
