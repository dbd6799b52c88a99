import { setTimeout } from 'node:timers/promises'

import type { Scenario } from '../scenario.ts'

/** A poll reads again because another process may have written, and must not be refused. */
export const scenario: Scenario = {
  async run(db) {
    const title = async (): Promise<string> => {
      const post = await db.selectFrom('posts').select('title').where('id', '=', 1).executeTakeFirstOrThrow()
      return post.title
    }
    let reads = 0
    while ((await title()) !== 'done' && reads++ < 6) await setTimeout(10)
    await setTimeout(10)
    // A read after a notification, in another line
    await title()
  },
  options: { mode: 'throw' },
}
