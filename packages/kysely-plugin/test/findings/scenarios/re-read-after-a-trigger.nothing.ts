import { sql } from 'kysely'

import type { Scenario } from '../scenario.ts'

/** A write to one table changes another one by a trigger. */
export const scenario: Scenario = {
  async run(db) {
    await sql`create or replace function count_comment() returns trigger language plpgsql as $$
      begin update posts set title = title || '!' where id = new.post_id; return new; end $$`.execute(db)
    await sql`create trigger counts after insert on comments for each row execute function count_comment()`.execute(
      db,
    )
    const read = async (): Promise<void> => {
      await db.selectFrom('posts').selectAll().where('id', '=', 1).execute()
    }
    try {
      await read()
      for (let index = 0; index < 8; index++) {
        await db.insertInto('comments').values({ post_id: 1, body: 'same' }).execute()
        await read()
      }
    } finally {
      await sql`drop function count_comment cascade`.execute(db)
    }
  },
  options: { mode: 'throw' },
}
