import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (const title of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l']) {
      // here: transaction
      await db.transaction().execute(async (trx) => {
        // here: insert
        await trx.insertInto('posts').values({ author_id: 1, title }).execute()
      })
    }
  },
  findings: [
    { kind: 'n_plus_one_write', count: 12, here: 'insert' },
    {
      kind: 'transaction_per_item',
      count: 12,
      avoidableCount: 11,
      evidence: 'repeated',
      here: 'transaction',
    },
  ],
}
