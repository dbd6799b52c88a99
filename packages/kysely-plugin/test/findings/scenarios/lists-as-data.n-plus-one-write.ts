import type { Scenario } from '../scenario.ts'

/** A list that becomes the value of a column is one value, not many rows. */
export const scenario: Scenario = {
  async run(db) {
    for (let index = 0; index < 6; index++) {
      const related = [crypto.randomUUID(), crypto.randomUUID()]
      const document = { title: `document ${index}`, related }
      // here
      await db.insertInto('documents').values(document).execute()
    }
  },
  findings: [{ kind: 'n_plus_one_write', evidence: 'repeated', count: 6 }],
}
