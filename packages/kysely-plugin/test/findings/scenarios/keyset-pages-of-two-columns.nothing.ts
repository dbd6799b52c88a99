import type { Scenario } from '../scenario.ts'

/** Pages by likes, and by key among equal likes. */
export const scenario: Scenario = {
  async run(db) {
    let last = { likes: 1_000, id: '0' }
    for (;;) {
      const page = await db
        .selectFrom('comments')
        .select(['id', 'likes'])
        .where((eb) =>
          eb.or([
            eb('likes', '<', last.likes),
            eb.and([eb('likes', '=', last.likes), eb('id', '>', last.id as never)]),
          ]),
        )
        .orderBy('likes', 'desc')
        .orderBy('id')
        .limit(2)
        .execute()
      const end = page.at(-1)
      if (end === undefined) break
      last = { likes: end.likes, id: String(end.id) }
    }
  },
}
