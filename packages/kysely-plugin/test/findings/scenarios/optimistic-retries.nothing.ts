import type { Scenario } from '../scenario.ts'

/** A conflict makes it try again with the next version. */
export const scenario: Scenario = {
  async run(db) {
    await db.updateTable('comments').set({ likes: 6 }).where('id', '=', 1).execute()
    for (let version = 0, written = 0n; written === 0n; version++) {
      const update = db.updateTable('comments').set({ likes: version + 1 })
      const result = await update.where('id', '=', 1).where('likes', '=', version).executeTakeFirst()
      written = result.numUpdatedRows
    }
  },
}
