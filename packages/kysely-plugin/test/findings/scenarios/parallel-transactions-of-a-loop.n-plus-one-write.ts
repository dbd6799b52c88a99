import type { Scenario } from '../scenario.ts'

/** The transactions wait for one another. */
export const scenario: Scenario = {
  async run(db) {
    const posts = await db.selectFrom('posts').select('id').orderBy('id').execute()
    const write = async (id: number): Promise<void> => {
      await db.transaction().execute(async (transaction) => {
        await transaction.updateTable('posts').set({ title: 'sent' }).where('id', '=', id).execute()
      })
    }
    // here
    await Promise.all([...posts, ...posts, ...posts].map(({ id }) => write(id)))
  },
  options: { poolWait: { durationMillis: 1 }, transactionPerItem: false },
  findings: [{ kind: 'n_plus_one_write', count: 18 }],
}
