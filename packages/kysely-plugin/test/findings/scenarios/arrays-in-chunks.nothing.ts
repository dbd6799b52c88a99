import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    for (let from = 0; from < posts.length; from += 2) {
      const ids = posts.slice(from, from + 2).map(({ id }) => id)
      await db
        .selectFrom('comments')
        .selectAll()
        .where((eb) => eb('post_id', '=', eb.fn.any(eb.val(ids))))
        .execute()
    }
  },
}
