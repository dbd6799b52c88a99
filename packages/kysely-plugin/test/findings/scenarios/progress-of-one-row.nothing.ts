import type { Scenario } from '../scenario.ts'

/** One row gets new values again and again: there is nothing to update at once. */
export const scenario: Scenario = {
  async run(db) {
    const jobs = await db.selectFrom('posts').select(['id', 'title']).execute()
    const [job] = jobs
    for (const { title } of jobs) {
      await db.updateTable('posts').set({ title }).where('id', '=', job!.id).execute()
    }
    for (let progress = 0; progress < 6; progress++) {
      const update = db.updateTable('comments').set({ likes: progress, body: `at ${progress}` })
      await update.where('id', '=', 1).execute()
    }
  },
}
