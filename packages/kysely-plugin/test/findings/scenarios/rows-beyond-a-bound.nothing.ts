import type { Scenario } from '../scenario.ts'

/** A clean-up with the current time as its bound, in batches. */
export const scenario: Scenario = {
  async run(db) {
    for (let likes = 1; likes <= 6; likes++) {
      const old = db.selectFrom('comments').select('id').where('likes', '<', likes).limit(2)
      await db.deleteFrom('comments').where('id', 'in', old).execute()
      await db.updateTable('posts').set({ title: 'old' }).where('id', '<=', likes).execute()
    }
  },
}
