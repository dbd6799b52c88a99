import type { Scenario } from '../scenario.ts'

export const scenario: Scenario = {
  async run(db) {
    for (let index = 0; index < 6; index++) {
      const insert = db
        .insertInto('documents')
        .values({ id: crypto.randomUUID(), title: 'same', related: [] })
        .onConflict((conflict) => conflict.column('id').doNothing())
      // here
      await insert.execute()
    }
  },
  findings: [{ kind: 'n_plus_one_write', evidence: 'repeated', count: 6 }],
}
