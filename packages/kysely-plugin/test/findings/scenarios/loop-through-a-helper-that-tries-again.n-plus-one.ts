import type { Scenario } from '../scenario.ts'

async function tryAgain<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}

/** Both the source query and the repeats run through the helper. The loop is outside it. */
export const scenario: Scenario = {
  async run(db) {
    const posts = await tryAgain(() => db.selectFrom('posts').select('id').execute())
    for (const { id } of posts) {
      // here
      await tryAgain(() => db.selectFrom('comments').selectAll().where('post_id', '=', id).execute())
    }
  },
  findings: [{ kind: 'n_plus_one', evidence: 'proven', count: 6, function: 'run' }],
}
