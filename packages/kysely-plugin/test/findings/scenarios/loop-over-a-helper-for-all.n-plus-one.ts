import type { Scenario } from '../scenario.ts'

/** Everything goes through it, the rows and what is read for each of them: no loop is here. */
async function run<Row>(query: { execute(): Promise<Row[]> }): Promise<Row[]> {
  return await query.execute()
}

export const scenario: Scenario = {
  async run(db) {
    for (const { id } of await run(db.selectFrom('posts').select('id').orderBy('id'))) {
      // here
      await run(db.selectFrom('comments').selectAll().where('post_id', '=', id))
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6, source: ['select posts', 'id'] }],
}
