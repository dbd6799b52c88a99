import { setTimeout } from 'node:timers/promises'

import type { Scenario } from '../scenario.ts'

/** The reads of one poll run in the waits of the others. */
export const scenario: Scenario = {
  async run(db) {
    const poll = async (id: number): Promise<void> => {
      for (let reads = 0; reads < 6; reads++) {
        await db.selectFrom('posts').select('title').where('id', '=', id).execute()
        await setTimeout(60)
      }
    }
    await Promise.all([poll(1), setTimeout(20).then(() => poll(2)), setTimeout(40).then(() => poll(3))])
  },
  options: { mode: 'throw' },
}
