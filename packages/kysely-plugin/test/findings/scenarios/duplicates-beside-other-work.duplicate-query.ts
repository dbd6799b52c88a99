import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    const work = async (): Promise<void> => {
      for (let id = 1; id <= 6; id++) {
        await db.selectFrom('comments').selectAll().where('id', '=', id).execute()
      }
    }
    const readTitle = async (): Promise<void> => {
      for (let reads = 0; reads < 5; reads++) {
        // here
        await db.selectFrom('posts').select('title').where('id', '=', 1).execute()
      }
    }
    await Promise.all([work(), readTitle()])
  },
  options: { nPlusOne: false },
  findings: [{ kind: 'duplicate_query', count: 5, avoidableCount: 4 }],
}
