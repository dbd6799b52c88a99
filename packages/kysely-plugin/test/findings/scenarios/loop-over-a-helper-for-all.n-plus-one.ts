import type { Scenario } from '../scenario.ts'

/** Both the source query and the repeats run through this helper. The loop is outside it. */
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
