import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    let last = 0
    for (;;) {
      const page = await db
        .selectFrom('comments')
        .selectAll()
        .where('id', '>', last as never)
        .orderBy('id')
        .limit(2)
        .execute()
      if (page.length === 0) break
      last = Number(page.at(-1)?.id)
    }
  },
}
