import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    let last = '0'
    for (;;) {
      const [next] = await db
        .selectFrom('comments')
        .selectAll()
        .where('id', '>', last as never)
        .orderBy('id')
        .limit(1)
        .execute()
      if (next === undefined) break
      last = String(next.id)
    }
  },
}
