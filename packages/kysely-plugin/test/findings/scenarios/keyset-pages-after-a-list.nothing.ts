import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    await db.selectFrom('comments').select('id').execute()
    let last = '0'
    for (;;) {
      const page = await db
        .selectFrom('comments')
        .selectAll()
        .where('id', '>', last as never)
        .orderBy('id')
        .limit(2)
        .execute()
      if (page.length === 0) break
      last = String(page.at(-1)?.id)
    }
  },
}
