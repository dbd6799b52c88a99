import { setTimeout } from 'node:timers/promises'

import type { Scenario } from '../scenario.ts'

/** While one part of the scope polls, another one works without a pause. */
export const scenario: Scenario = {
  async run(db) {
    let isOver = false
    const work = async (): Promise<void> => {
      for (let id = 1; id <= 2 || !isOver; id++) {
        await db.selectFrom('comments').selectAll().where('id', '=', id).execute()
      }
    }
    const poll = async (): Promise<void> => {
      for (let reads = 0; reads < 6; reads++) {
        await db.selectFrom('posts').select('title').where('id', '=', 1).execute()
        await setTimeout(10)
      }
      isOver = true
    }
    await Promise.all([work(), poll()])
  },
  options: { mode: 'throw', nPlusOne: false, chattyScope: false },
}
