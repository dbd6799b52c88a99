import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const open = [1, 2, 3, 4, 5, 6]
    while (open.length > 0) {
      await db.selectFrom('posts').select(['id', 'title']).where('id', 'in', open).execute()
      open.shift()
    }
  },
}
