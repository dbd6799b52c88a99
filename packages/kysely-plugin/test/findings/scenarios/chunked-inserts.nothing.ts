import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let from = 0; from < 12; from += 2) {
      const rows = [from, from + 1].map((index) => ({ post_id: index, body: `chunk ${index}` }))
      await db.insertInto('comments').values(rows).execute()
    }
  },
}
