import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** The database chooses the row that a worker gets. */
export const scenario: Scenario = {
  async run(db) {
    for (let worker = 1; worker <= 6; worker++) {
      await db
        .updateTable('posts')
        .set({ title: `claimed by ${worker}`, editor_id: worker })
        .where('id', '=', (eb) =>
          eb
            .selectFrom('posts')
            .select('id')
            .where('author_id', '>', 0)
            .where('title', 'not like', `claimed by ${worker}%`)
            .orderBy('id')
            .limit(1)
            .forUpdate()
            .skipLocked(),
        )
        .returningAll()
        .execute()
      await sql`delete from comments where id = (select id from comments where likes < ${worker} order by id limit 1 for update skip locked)`.execute(
        db,
      )
    }
  },
}
